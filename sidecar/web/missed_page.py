"""The missed calls: taken by exactly one, noted, closed; conflicts are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.store import missed
from sidecar.store.database import Connection, Database
from sidecar.store.missed import Actor, MissedCall
from sidecar.store.page_changes import position
from sidecar.web.forms import read_form
from sidecar.web.ids import id_in_path as _number
from sidecar.web.live import Live
from sidecar.web.options import WebOptions
from sidecar.web.pages import Pages
from sidecar.web.visitor import Visitor

LONGEST_NOTE = 2000  # characters

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
        values = await self._database.read(lambda connection: _lists(connection, visitor))
        return self._pages.page(request, visitor, "missed.html", values)

    async def take(self, request: Request, visitor: Visitor) -> Response:
        number, actor, now = _number(request), _actor(visitor), self._clock()
        return await self._act(
            request, visitor, lambda connection: missed.take(connection, number, actor, now=now), "missed.taken_before"
        )

    async def release(self, request: Request, visitor: Visitor) -> Response:
        number, actor, now = _number(request), _actor(visitor), self._clock()
        return await self._act(
            request, visitor, lambda connection: missed.release(connection, number, actor, now=now), "missed.not_yours"
        )

    async def close(self, request: Request, visitor: Visitor) -> Response:
        number, actor, now, version = _number(request), _actor(visitor), self._clock(), await _version(request)
        return await self._act(
            request,
            visitor,
            lambda connection: missed.close(connection, number, actor, version=version, now=now),
            "missed.changed_meanwhile",
        )

    async def note(self, request: Request, visitor: Visitor) -> Response:
        number, now, version = _number(request), self._clock(), await _version(request)
        note = (await read_form(request)).get("note", "").strip()[:LONGEST_NOTE]
        return await self._act(
            request,
            visitor,
            lambda connection: missed.write_note(connection, number, note, version=version, now=now),
            "missed.changed_meanwhile",
        )

    async def _act(self, request: Request, visitor: Visitor, act: Act, conflict: str) -> Response:
        outcome = await self._database.write(lambda connection: _acted(connection, _number(request), visitor, act))
        if outcome.entry is None:
            return self._pages.open_page(request, "refusal.html", {"reason": "error.no_entry"}, status=404)
        if outcome.done:
            self._live.wake()
        told = None if outcome.done else conflict
        if "HX-Request" not in request.headers:
            return RedirectResponse(f"{self._options.root_path}/missed", 303)
        values = {"entry": outcome.entry, "user_id": visitor.user_id, "told": told}
        return self._pages.fragment(visitor, "missed_item.html", values, status=200 if outcome.done else 409)


def _acted(connection: Connection, number: int, visitor: Visitor, act: Act) -> Outcome:
    """Nothing is done to an entry that this person may not see."""
    if number not in missed.find_missed(connection, [number], visitor.viewer):
        return Outcome(entry=None, done=False)
    done = act(connection)
    return Outcome(entry=missed.find_missed(connection, [number], visitor.viewer).get(number), done=done)


def _lists(connection: Connection, visitor: Visitor) -> dict[str, object]:
    return {
        "position": position(connection),
        "waiting": missed.open_missed(connection, visitor.viewer),
        "closed": missed.closed_missed(connection, visitor.viewer),
        "open_missed": missed.count_open(connection, visitor.viewer),
        "user_id": visitor.user_id,
        "told": None,
    }


def _actor(visitor: Visitor) -> Actor:
    return Actor(id=visitor.user_id, name=visitor.name)


async def _version(request: Request) -> int:
    """Which state of the entry the browser showed; -1 where it does not say, which is none."""
    given = (await read_form(request)).get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else -1  # noqa: PLR2004 - fits the database
