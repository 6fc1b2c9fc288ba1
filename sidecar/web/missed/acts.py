"""What people do with the missed calls: taken by exactly one, assigned, noted, closed; conflicts are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.calls.reasons import Reason, because
from sidecar.store.database import Connection
from sidecar.store.missed import acts
from sidecar.store.missed.acts import Actor
from sidecar.store.missed.entries import MissedCall, closed_missed, find_missed
from sidecar.store.missed.notes import add_note, delete_note
from sidecar.store.missed.zammad_rows import rows_to_untick
from sidecar.store.pages.audit import Deed, note_deed
from sidecar.store.replicas.page_changes import take_turn
from sidecar.web.access.visitor import Visitor
from sidecar.web.inputs import id_in_path, is_for_htmx, read_form, whole_number
from sidecar.web.parts import Parts
from sidecar.words.deeds import Concerned
from sidecar.words.marks import N_
from zammad_client.errors import ZammadError

NOT_YOURS = N_("It is not yours any more.")
NO_ENTRY = N_("There is no such entry any more.")
TAKEN_BEFORE = N_("A colleague was faster: {name} has it.")
CHANGED_MEANWHILE = N_("It has changed meanwhile and was not saved: look at it again.")
NOT_YOUR_NOTE = N_("This note is not yours, or gone already.")
NOT_REOPENED = N_("It cannot be undone any more, or Zammad does not answer: look at it again.")
LONGEST_NOTE = 2000  # characters

Act = Callable[[Connection, int, Actor, float], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    entry: MissedCall | None  # as it is now; None: gone, or not for this person
    done: bool


async def take(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """What nobody has, or what the one has who is named as its owner."""
    owner_id = whole_number((await read_form(request)).get("from", ""))

    def act(connection: Connection, entry: int, actor: Actor, now: float) -> bool:
        if owner_id is not None and _take_over(connection, entry, visitor, owner_id, now):
            return True
        return acts.take(connection, entry, actor, now=now)

    return await _answer(request, visitor, parts, act, TAKEN_BEFORE)


async def release(request: Request, visitor: Visitor, parts: Parts) -> Response:
    def act(connection: Connection, entry: int, actor: Actor, now: float) -> bool:
        return acts.release(connection, entry, actor, now=now)

    return await _answer(request, visitor, parts, act, NOT_YOURS)


async def close(request: Request, visitor: Visitor, parts: Parts) -> Response:
    version = await _version(request)

    def act(connection: Connection, entry: int, actor: Actor, now: float) -> bool:
        return acts.close(connection, entry, actor, version=version, now=now)

    return await _answer(request, visitor, parts, act, CHANGED_MEANWHILE)


async def note(request: Request, visitor: Visitor, parts: Parts) -> Response:
    text = (await read_form(request)).get("note", "").replace("\r\n", "\n").strip()[:LONGEST_NOTE]

    def act(connection: Connection, entry: int, actor: Actor, now: float) -> bool:
        return not text or add_note(connection, entry, actor, text, now=now)

    return await _answer(request, visitor, parts, act, NOT_YOURS)


async def unnote(request: Request, visitor: Visitor, parts: Parts) -> Response:
    written = whole_number((await read_form(request)).get("note", ""))

    def act(connection: Connection, entry: int, actor: Actor, now: float) -> bool:
        return written is not None and delete_note(connection, entry, actor, written, now=now)

    return await _answer(request, visitor, parts, act, NOT_YOUR_NOTE)


async def assign(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """To an active agent, what is nobody's or theirs; the audit keeps it."""
    agent_id = whole_number((await read_form(request)).get("agent", ""))
    name = (await parts.choices.of(visitor.viewer)).staff.get(agent_id or 0)

    def act(connection: Connection, entry: int, actor: Actor, now: float) -> bool:
        if agent_id is None or name is None:
            return False
        done = acts.assign(connection, entry, actor, Actor(id=agent_id, name=name), now=now)
        if done:
            subject = because(Concerned.ASSIGNED_CALL, number=entry, owner=name, owner_id=agent_id)
            _audit(connection, visitor, "missed_assigned", subject, now)
        return done

    return await _answer(request, visitor, parts, act, TAKEN_BEFORE)


async def reopen(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """Undo "done". Zammad's own rows are unticked first: a ticked one would close it again."""
    number = id_in_path(request)
    may_be_undone = await _is_unticked(number, visitor, parts)

    def act(connection: Connection, entry: int, _actor: Actor, now: float) -> bool:
        return may_be_undone and acts.reopen(connection, entry, now=now)

    return await _answer(request, visitor, parts, act, NOT_REOPENED)


async def _is_unticked(number: int, visitor: Visitor, parts: Parts) -> bool:
    """Whether it is one of those that were closed last, and its rows in Zammad are not ticked any more."""

    def read(connection: Connection) -> tuple[str, ...] | None:
        lately = closed_missed(connection, visitor.viewer)
        return rows_to_untick(connection, number) if any(entry.id == number for entry in lately) else None

    rows = await parts.database.read(read)
    if not rows:
        return rows is not None
    try:
        for row in await parts.zammad.call_log():
            if row.call_id in rows and row.done:
                await parts.zammad.mark_done(row.id, done=False)
    except ZammadError:
        return False
    return True


async def _answer(request: Request, visitor: Visitor, parts: Parts, act: Act, conflict: str) -> Response:
    number, now = id_in_path(request), parts.clock()
    outcome = await parts.database.write(lambda connection: _acted(connection, number, visitor, act, now))
    if outcome.entry is None:
        return parts.rendering.refusal(request, NO_ENTRY)
    if outcome.done:
        parts.live.wake()
    if not is_for_htmx(request):
        return RedirectResponse(f"{parts.options.root_path}/missed", 303)
    told = None if outcome.done else conflict
    values = {"entry": outcome.entry, "user_id": visitor.user_id, "told": told}
    return parts.rendering.fragment(visitor, "missed/item.html", values, status=200 if outcome.done else 409)


def _acted(connection: Connection, number: int, visitor: Visitor, act: Act, now: float) -> Acted:
    """Nothing is done to an entry that this person may not see."""
    take_turn(connection)  # what is read now is what is changed
    if number not in find_missed(connection, [number], visitor.viewer):
        return Acted(entry=None, done=False)
    done = act(connection, number, _actor(visitor), now)
    return Acted(entry=find_missed(connection, [number], visitor.viewer).get(number), done=done)


def _take_over(connection: Connection, number: int, visitor: Visitor, owner_id: int, now: float) -> bool:
    entry = find_missed(connection, [number], visitor.viewer)[number]
    if not acts.take_over(connection, number, _actor(visitor), owner_id, now=now):
        return False
    subject = because(Concerned.MISSED_CALL, number=number, owner=entry.owner, owner_id=owner_id)
    _audit(connection, visitor, "missed_taken_over", subject, now)
    return True


def _audit(connection: Connection, visitor: Visitor, what: str, subject: Reason, now: float) -> None:
    note_deed(connection, Deed(at=now, user_id=visitor.user_id, name=visitor.name, what=what, subject=subject))


def _actor(visitor: Visitor) -> Actor:
    return Actor(id=visitor.user_id, name=visitor.name)


async def _version(request: Request) -> int:
    """Which state of the entry the browser showed; -1 where it does not say, which is none."""
    version = whole_number((await read_form(request)).get("version", ""))
    return -1 if version is None else version
