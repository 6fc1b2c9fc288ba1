"""Call notes on their way into tickets: as the agent, each once, whatever crashes or times out.

What is left is tried again; before an article is written a second time it is looked for by its mark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any

import structlog

from sidecar.calls.callbacks.work import StateType
from sidecar.calls.reasons import Reason
from sidecar.errors import StoreError
from sidecar.faults import reason_of
from sidecar.logs import Streak
from sidecar.store.database import Database
from sidecar.store.notes.notes import (
    Afterwards,
    Draft,
    Note,
    change_note,
    claim_note,
    due_notes,
    forget_note,
    keep_note,
    note_with_key,
    release_notes,
)
from sidecar.tickets.deeds import CLOCKS_DIFFER, MOST
from sidecar.wake_up import WakeUp
from zammad_client import Zammad
from zammad_client.errors import (
    ZammadError,
    ZammadNotReachedError,
    ZammadOutcomeUnknownError,
    ZammadRefusedError,
)
from zammad_client.records import TicketState

LOOK = 2.0  # seconds
CLAIM = 90.0  # seconds
PAUSE = 5.0  # seconds before something is tried again
UNITS = {"hour": 60.0, "quarter": 15.0}  # minutes, by `time_accounting_unit`

Json = Any

log = structlog.get_logger(__name__)


class CallNotes:
    """`run` has to run for those that Zammad did not take at once."""

    def __init__(
        self,
        *,
        zammad: Zammad,
        database: Database,
        clock: Callable[[], float],
        count: Callable[[str, str], None],
        doubt: float,
    ) -> None:
        self._zammad = zammad
        self._database = database
        self._clock = clock
        self._count = count  # what, outcome
        self._doubt = doubt  # seconds in which Zammad may still carry out what it did not answer
        self._by_itself: bool | None = None  # whether time has a request of its own
        self._wake_up = WakeUp()

    async def run(self) -> None:
        streak = Streak("call notes")
        if self._database.dialect == "sqlite":
            await self._database.write(release_notes)
        while True:
            try:
                for key in await self._database.read(partial(due_notes, now=self._clock())):
                    await self.deliver(key)
                streak.worked()
            except StoreError as error:
                streak.failed(error)
            await self._wake_up.wait(LOOK)

    async def write(self, draft: Draft) -> Note | ZammadRefusedError:
        """The note as far as it has come; or why Zammad wants nothing of it, which is forgotten then.

        Raises: StoreError.
        """
        await self._database.write(partial(keep_note, draft=draft, now=self._clock()))
        return await self.deliver(draft.key)

    async def deliver(self, key: str) -> Note | ZammadRefusedError:
        """Everything that is still to be done of it. What fails waits for the next time."""
        note = await self._database.write(partial(claim_note, key=key, now=self._clock(), lease=CLAIM))
        if note is None:
            kept = await self._database.read(partial(note_with_key, key=key))
            return kept or ZammadRefusedError("")
        try:
            note = await self._with_article(note)
            note = await self._with_time(note)
            note = await self._with_changes(note)
        except ZammadRefusedError as error:
            if _is_final(error) and note.article_id is None:
                await self._database.write(partial(forget_note, note=note))
                self._count("note", "refused")
                return error
            return await self._postponed(note, error)
        except ZammadError as error:
            return await self._postponed(note, error)
        return note

    async def _postponed(self, note: Note, error: ZammadError) -> Note:
        self._count("note", "unknown" if isinstance(error, ZammadOutcomeUnknownError) else "postponed")
        unknown = isinstance(error, ZammadOutcomeUnknownError) and not error.is_down
        kept = await self._database.read(partial(note_with_key, key=note.key)) or note
        tried = kept.tried_at if isinstance(error, ZammadOutcomeUnknownError) or note.tried_at else None
        due = self._clock() + (max(PAUSE, self._doubt) if unknown else PAUSE)
        waits = {"due_at": due, "claimed_until": None, "tried_at": tried}
        return await self._change(note, waits, said=reason_of(error))

    async def _with_article(self, note: Note) -> Note:
        if note.article_id is not None:
            return note
        found = await self._written_earlier(note) if note.tried_at is not None else None
        if found is None:
            began = note.tried_at if note.tried_at is not None else self._clock()
            found = await self._written(await self._change(note, {"tried_at": began}))
        ticket_id, number, article_id, booked = found
        changes = {"ticket_id": ticket_id, "ticket_number": number, "article_id": article_id, "said": None}
        self._count("note", "done")
        return await self._change(note, {**changes, "booked": note.booked or booked})

    async def _written(self, note: Note) -> tuple[int, str, int, bool]:
        """Ids of ticket and article, and whether the time went along, as up to 5.5."""
        with_time = note.minutes > 0 and not await self._books_by_itself()
        article = _article(note) | ({"time_unit": await self._units(note.minutes)} if with_time else {})
        author = str(note.author_id)
        if note.ticket_id is not None:
            ticket = await self._zammad.tickets.find(note.ticket_id, on_behalf_of=author)  # before: it cannot double
            sent = {"ticket_id": note.ticket_id, **article}
            written = await self._zammad.tickets.create_article(sent, on_behalf_of=author)
            return ticket.id, ticket.number, written.id, with_time
        new = {"title": note.title, "group_id": note.group_id, "customer_id": note.customer_id, "article": article}
        ticket = await self._zammad.tickets.create(new, on_behalf_of=author)
        return ticket.id, ticket.number, next(iter(ticket.article_ids), 0), with_time

    async def _written_earlier(self, note: Note) -> tuple[int, str, int, bool] | None:
        """By the mark."""
        author, tickets = str(note.author_id), self._zammad.tickets
        if note.ticket_id is not None:
            candidates = [await tickets.find(note.ticket_id, on_behalf_of=author)]
        else:
            since = datetime.fromtimestamp((note.tried_at or 0.0) - CLOCKS_DIFFER, UTC)
            condition = {
                "ticket.customer_id": {
                    "operator": "is", "pre_condition": "specific", "value": [str(note.customer_id)],
                },
                "ticket.created_at": {"operator": "after (absolute)", "value": since.strftime("%Y-%m-%dT%H:%M:%SZ")},
            }  # fmt: skip
            found = await tickets.search(condition, limit=MOST, on_behalf_of=author)
            candidates = [each for each in found if each.customer_id == note.customer_id and each.created_at >= since]
        for ticket in candidates:
            for article in await tickets.articles(ticket.id, on_behalf_of=author):
                if article.mark == note.key:
                    return ticket.id, ticket.number, article.id, not await self._books_by_itself()
        return None

    async def _with_time(self, note: Note) -> Note:
        if note.booked or note.ticket_id is None or note.article_id is None:
            return note
        try:
            await self._zammad.tickets.book_time(
                note.ticket_id,
                article_id=note.article_id,
                units=await self._units(note.minutes),
                on_behalf_of=str(note.author_id),
            )
        except ZammadRefusedError as error:
            if not _is_final(error):
                raise
            if "already been taken" not in error.message:
                self._count("time", "refused")
                return await self._change(note, {"booked": True}, said=reason_of(error))
        self._count("time", "done")
        return await self._change(note, {"booked": True})

    async def _with_changes(self, note: Note) -> Note:
        """What becomes of the ticket. The same change once more changes nothing."""
        done: dict[str, Json] = {"done_at": self._clock(), "claimed_until": None}
        changes = await self._changes(note)
        if note.ticket_id is None or not changes:
            return await self._change(note, done)
        try:
            await self._zammad.tickets.update(note.ticket_id, changes, on_behalf_of=str(note.author_id))
        except ZammadRefusedError as error:
            if not _is_final(error):
                raise
            return await self._change(note, done, said=reason_of(error))
        return await self._change(note, done)

    async def _change(self, note: Note, changes: Mapping[str, Json], *, said: Reason | None = None) -> Note:
        return await self._database.write(lambda connection: change_note(connection, note, changes, said=said))

    async def _changes(self, note: Note) -> dict[str, Json]:
        changes: dict[str, Json] = {}
        if note.owner_id is not None:
            changes["owner_id"] = note.owner_id
        if note.outcome:
            changes["cti_outcome"] = note.outcome
        if note.afterwards == Afterwards.CLOSE:
            changes["state"] = await self._state_of(StateType.CLOSED)
        elif note.afterwards == Afterwards.REMIND and note.remind_at is not None:
            changes["state"] = await self._state_of(StateType.PENDING_REMINDER)
            changes["pending_time"] = datetime.fromtimestamp(note.remind_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return changes

    async def _state_of(self, kind: StateType) -> str:
        states: list[TicketState] = await self._zammad.tickets.states()
        fitting = [state for state in states if state.active and state.type_id == kind]
        return min(fitting, key=lambda state: state.id).name if fitting else "closed"

    async def _books_by_itself(self) -> bool:
        if self._by_itself is None:
            self._by_itself = await self._zammad.tickets.books_time_by_itself()
        return self._by_itself

    async def _units(self, minutes: float) -> str:
        """In what Zammad counts in."""
        unit = str((await self._zammad.shown_settings()).get("time_accounting_unit") or "")
        return f"{minutes / UNITS.get(unit, 1.0):.2f}".rstrip("0").rstrip(".")


def _article(note: Note) -> dict[str, Json]:
    return {
        "subject": "Call",
        "body": note.text or "-",
        "content_type": "text/plain",
        "type": "phone",
        "sender": "Agent",
        "internal": not note.visible,
        "preferences": {"sidecar": note.key},
    }


def _is_final(error: ZammadRefusedError) -> bool:
    return not isinstance(error, ZammadNotReachedError) and error.status != HTTPStatus.UNAUTHORIZED
