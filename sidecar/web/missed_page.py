"""The missed calls: taken by exactly one, noted, closed; conflicts are told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.calls.reasons import because
from sidecar.store.database import Connection, Database
from sidecar.store.missed import acts
from sidecar.store.missed import entries as missed
from sidecar.store.missed.acts import Actor
from sidecar.store.missed.entries import MissedCall
from sidecar.store.pages.audit import Deed, note_deed
from sidecar.store.replicas.page_changes import position, take_turn
from sidecar.web.access.visitor import Visitor
from sidecar.web.forms import read_form
from sidecar.web.ids import id_in_path as _number
from sidecar.web.live import Live
from sidecar.web.options import WebOptions
from sidecar.web.pages import Pages
from sidecar.words.deeds import Concerned
from sidecar.words.marks import N_

NOT_YOURS = N_("It is not yours any more.")
NO_ENTRY = N_("There is no such entry any more.")
TAKEN_BEFORE = N_("A colleague was faster: {name} has it.")
CHANGED_MEANWHILE = N_("It has changed meanwhile and was not saved: look at it again.")
NOT_SAVED = N_("It has changed meanwhile and your note was not saved: look at it, then save again.")
LONGEST_NOTE = 2000  # characters
AT_ONCE = 100  # entries
PLACE = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)-(\d{1,18})", re.ASCII)  # of an entry in the list

Act = Callable[[Connection], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    entry: MissedCall | None  # as it is now; None: gone, or not for this person
    done: bool


class MissedPage:
    def __init__(
        self, *, database: Database, pages: Pages, live: Live, options: WebOptions, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._pages = pages
        self._live = live
        self._options = options
        self._clock = clock

    async def show(self, request: Request, visitor: Visitor) -> Response:
        """The whole page, or the next entries of it."""
        if place := PLACE.fullmatch(request.query_params.get("before", "")):
            before = float(place[1]), int(place[2])
            rows = await self._database.read(lambda connection: _waiting(connection, visitor, before))
            return self._pages.fragment(visitor, "missed_rows.html", rows)
        values = await self._database.read(lambda connection: _lists(connection, visitor))
        return self._pages.page(request, visitor, "missed.html", values)

    async def take(self, request: Request, visitor: Visitor) -> Response:
        """What nobody has, or what the one has who is named as its owner."""
        number, actor, now = _number(request), _actor(visitor), self._clock()
        owner_id = _whole_number((await read_form(request)).get("from", ""))

        def act(connection: Connection) -> bool:
            if owner_id is not None and _take_over(connection, number, visitor, owner_id, now):
                return True
            return acts.take(connection, number, actor, now=now)

        return await self._act(request, visitor, act, TAKEN_BEFORE)

    async def release(self, request: Request, visitor: Visitor) -> Response:
        number, actor, now = _number(request), _actor(visitor), self._clock()
        return await self._act(
            request, visitor, lambda connection: acts.release(connection, number, actor, now=now), NOT_YOURS
        )

    async def close(self, request: Request, visitor: Visitor) -> Response:
        number, actor, now, version = _number(request), _actor(visitor), self._clock(), await _version(request)
        return await self._act(
            request,
            visitor,
            lambda connection: acts.close(connection, number, actor, version=version, now=now),
            CHANGED_MEANWHILE,
        )

    async def note(self, request: Request, visitor: Visitor) -> Response:
        number, now, version = _number(request), self._clock(), await _version(request)
        note = (await read_form(request)).get("note", "").replace("\r\n", "\n").strip()[:LONGEST_NOTE]
        return await self._act(
            request,
            visitor,
            lambda connection: acts.write_note(connection, number, note, version=version, now=now),
            NOT_SAVED,
            written=note,
        )

    async def _act(
        self, request: Request, visitor: Visitor, act: Act, conflict: str, *, written: str | None = None
    ) -> Response:
        """`written`: what the answer must not lose where it was not saved."""
        outcome = await self._database.write(lambda connection: _acted(connection, _number(request), visitor, act))
        if outcome.entry is None:
            return self._pages.open_page(request, "refusal.html", {"reason": NO_ENTRY}, status=404)
        if outcome.done:
            self._live.wake()
        if "HX-Request" not in request.headers:
            return RedirectResponse(f"{self._options.root_path}/missed", 303)
        values = {"entry": outcome.entry, "user_id": visitor.user_id}
        if outcome.done:
            return self._pages.fragment(visitor, "missed_item.html", {**values, "told": None, "written": None})
        values |= {"told": conflict, "written": written}
        return self._pages.fragment(visitor, "missed_item.html", values, status=409)


def _acted(connection: Connection, number: int, visitor: Visitor, act: Act) -> Outcome:
    """Nothing is done to an entry that this person may not see."""
    take_turn(connection)  # what is read now is what is changed
    if number not in missed.find_missed(connection, [number], visitor.viewer):
        return Outcome(entry=None, done=False)
    done = act(connection)
    return Outcome(entry=missed.find_missed(connection, [number], visitor.viewer).get(number), done=done)


def _take_over(connection: Connection, number: int, visitor: Visitor, owner_id: int, now: float) -> bool:
    entry = missed.find_missed(connection, [number], visitor.viewer)[number]
    if not acts.take_over(connection, number, _actor(visitor), owner_id, now=now):
        return False
    subject = because(Concerned.MISSED_CALL, number=number, owner=entry.owner, owner_id=owner_id)
    deed = Deed(at=now, user_id=visitor.user_id, name=visitor.name, what="missed_taken_over", subject=subject)
    note_deed(connection, deed)
    return True


def _lists(connection: Connection, visitor: Visitor) -> dict[str, object]:
    return {
        "position": position(connection),
        **_waiting(connection, visitor),
        "closed": missed.closed_missed(connection, visitor.viewer),
        "open_missed": missed.count_open(connection, visitor.viewer),
    }


def _waiting(connection: Connection, visitor: Visitor, before: tuple[float, int] | None = None) -> dict[str, object]:
    """`next`: the place behind which the rest are."""
    entries = missed.open_missed(connection, visitor.viewer, before=before, limit=AT_ONCE + 1)
    last = entries[AT_ONCE - 1] if len(entries) > AT_ONCE else None
    return {
        "waiting": entries[:AT_ONCE],
        "next": last and f"{last.last_at!r}-{last.id}",
        "user_id": visitor.user_id,
        "told": None,
        "written": None,
    }


def _actor(visitor: Visitor) -> Actor:
    return Actor(id=visitor.user_id, name=visitor.name)


async def _version(request: Request) -> int:
    """Which state of the entry the browser showed; -1 where it does not say, which is none."""
    version = _whole_number((await read_form(request)).get("version", ""))
    return -1 if version is None else version


def _whole_number(written: str) -> int | None:
    return int(written) if written.isdecimal() and len(written) < 10 else None  # noqa: PLR2004 - fits the database
