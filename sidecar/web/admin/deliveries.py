"""For admins: what Zammad has refused for good or is still to be told; tried again or given up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.conversation.parcels import ParcelState, why_waiting
from sidecar.calls.reasons import Reason, because
from sidecar.store.calls import outbox
from sidecar.store.calls.outbox import Parcel
from sidecar.store.database import Connection
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import back, framed, note
from sidecar.web.admin.searching import Found, fits, look_back, wanted_in
from sidecar.web.inputs import id_in_path, id_in_query
from sidecar.web.parts import Parts
from sidecar.words.deeds import Concerned
from sidecar.words.marks import N_
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words

CONFLICT = N_("It is neither refused nor waiting any more; nothing was changed.")


class _Change(Protocol):
    def __call__(self, connection: Connection, ids: list[int] | None, *, now: float) -> int: ...


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    return await _page(request, visitor, parts)


async def retry(request: Request, visitor: Visitor, parts: Parts) -> Response:
    return await _change(request, visitor, parts, outbox.retry, "delivery_retried", number=id_in_path(request))


async def discard(request: Request, visitor: Visitor, parts: Parts) -> Response:
    return await _change(request, visitor, parts, outbox.discard, "delivery_discarded", number=id_in_path(request))


async def retry_all(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """Everything that is dead."""
    return await _change(request, visitor, parts, outbox.retry, "delivery_retried", number=None)


async def _change(
    request: Request, visitor: Visitor, parts: Parts, change: _Change, what: str, *, number: int | None
) -> Response:
    def work(connection: Connection) -> int:
        count = change(connection, None if number is None else [number], now=parts.clock())
        if count:
            one_or_all = because(Concerned.DEAD_DELIVERIES, count=count)
            if number is not None:
                one_or_all = because(Concerned.DELIVERY, number=number)
            note(connection, visitor, parts, what, one_or_all)
        return count

    if not await parts.database.write(work):
        return await _page(request, visitor, parts, problem=CONFLICT, status=409)
    parts.workings.send()
    return back(parts, "deliveries")


async def _page(
    request: Request, visitor: Visitor, parts: Parts, *, problem: str | None = None, status: int = 200
) -> Response:
    q, words, country, now = wanted_in(request), visitor.words, parts.options.country, parts.clock()
    lost = parts.live.contact.lost_since is not None

    def found(connection: Connection, state: ParcelState) -> Found[Parcel]:
        return look_back(
            lambda before, most: outbox.parcels(connection, states=(state,), before=before, limit=most),
            lambda parcel: fits(q, *_said_of(parcel, words), country=country),
            id_in_query(request, state),
        )

    def read(connection: Connection) -> dict[str, object]:
        pending = found(connection, ParcelState.PENDING)
        first = outbox.first_waiting(connection, {parcel.conversation_id for parcel in pending.rows})
        return {
            "dead": found(connection, ParcelState.DEAD),
            "pending": pending,
            "waits": {parcel.id: _waits(parcel, first, now=now, lost=lost) for parcel in pending.rows},
            "backlog": outbox.backlog(connection),
        }

    values = {**await parts.database.read(read), "q": q}
    return await framed(request, visitor, parts, "deliveries", values, problem=problem, status=status)


def _said_of(parcel: Parcel, words: Words) -> list[object]:
    numbers = (parcel.effect.caller, parcel.effect.callee)
    answer = sentence(parcel.note, words) if parcel.note else ""
    return [parcel.id, words.term("delivery", parcel.kind), answer, *numbers, *map(words.phone, numbers)]


def _waits(parcel: Parcel, first: Mapping[int, int], *, now: float, lost: bool) -> Reason:
    return why_waiting(
        parcel.id,
        first=first.get(parcel.conversation_id, parcel.id),
        due_at=parcel.due_at,
        claimed_until=parcel.claimed_until,
        tried=lost or parcel.note is not None,
        now=now,
    )
