"""Many missed calls closed at once: asked first, with their number; what is a colleague's or has changed is left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.database import Connection
from sidecar.store.missed import acts
from sidecar.store.missed.acts import Actor
from sidecar.store.missed.entries import OpenVersion, find_missed, open_versions
from sidecar.web.access.visitor import Visitor
from sidecar.web.inputs import read_form
from sidecar.web.missed.filters import MissedFilters
from sidecar.web.parts import Parts

MOST = 4_000  # entries: as many as a form bears
AT_ONCE = 100  # closed in one transaction: calls want to be written, too
SEEN = re.compile(r"(\d{1,18})-(\d{1,9})", re.ASCII)


async def ask(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """POST: those that are ticked, or with `all` whatever the search finds, as they are now."""
    form = await read_form(request)
    if "all" in form:
        search = MissedFilters.read(form).search(visitor.user_id, parts.options.country)
        found = await parts.database.read(partial(open_versions, viewer=visitor.viewer, search=search, limit=MOST))
    else:
        found = await parts.database.read(partial(_ticked, seen=seen_in(form.get("entries", "")), visitor=visitor))
    own = [each for each in found if each.owner_id in {None, visitor.user_id}]
    values = {"entries": written(own), "count": len(own), "others": len(found) - len(own)}
    return parts.rendering.fragment(visitor, "missed/closing.html", values)


async def close(request: Request, visitor: Visitor, parts: Parts) -> Response:
    entries = seen_in((await read_form(request)).get("entries", ""))
    actor, now, closed = Actor(id=visitor.user_id, name=visitor.name), parts.clock(), 0
    for start in range(0, len(entries), AT_ONCE):
        some = entries[start : start + AT_ONCE]
        closed += await parts.database.write(partial(_close, some=some, visitor=visitor, actor=actor, now=now))
        parts.live.wake()
    return parts.rendering.fragment(visitor, "missed/closed.html", {"closed": closed, "left": len(entries) - closed})


def _ticked(connection: Connection, seen: Sequence[OpenVersion], visitor: Visitor) -> list[OpenVersion]:
    """With whose they are now; still as they were seen."""
    entries = find_missed(connection, [each.id for each in seen], visitor.viewer)
    return [replace(each, owner_id=entries[each.id].owner_id) for each in seen if each.id in entries]


def seen_in(text: str) -> list[OpenVersion]:
    """`12-3,15-1`: entries and the versions of them that somebody has seen."""
    found = [SEEN.fullmatch(each) for each in text.split(",")[:MOST]]
    return [OpenVersion(id=int(each[1]), version=int(each[2])) for each in found if each]


def written(entries: Sequence[OpenVersion]) -> str:
    return ",".join(f"{each.id}-{each.version}" for each in entries)


def _close(connection: Connection, some: Sequence[OpenVersion], visitor: Visitor, actor: Actor, now: float) -> int:
    visible = find_missed(connection, [each.id for each in some], visitor.viewer)
    seen = [each for each in some if each.id in visible]
    return sum(acts.close(connection, each.id, actor, version=each.version, now=now) for each in seen)
