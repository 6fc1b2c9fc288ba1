"""The calls of a search to be taken along: what stands in which column."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial

from starlette.requests import Request

from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.search import CallSearch
from sidecar.store.calls.search import find_calls
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Database
from sidecar.web.access.visitor import Visitor
from sidecar.web.calls.filters import Filters
from sidecar.web.days import today
from sidecar.web.parts import Parts
from sidecar.web.rendering.party import other_party
from sidecar.words.marks import N_
from sidecar.words.wording import Words

AT_ONCE = 500  # calls
COLUMNS = (
    N_("Started"), N_("Direction"), N_("State"), N_("Number"), N_("Person"), N_("Organization"), N_("Line"),
    N_("Agent"), N_("Waiting (s)"), N_("Talk (s)"), N_("Test call"), N_("Internal"),
)  # fmt: skip

Cell = str | int | datetime | None  # times are those of the clock on the wall, without a zone


def titles(words: Words) -> list[str]:
    return [words.gettext(title) for title in COLUMNS]


def as_file(visitor: Visitor, parts: Parts, ending: str) -> dict[str, str]:
    """The header by which a browser saves it, with the day in its name."""
    name = f"calls-{today(parts.clock(), visitor.words.zone).isoformat()}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def rows_found(request: Request, visitor: Visitor, parts: Parts) -> AsyncIterator[list[list[Cell]]]:
    """The rows of the calls that the filters in the address find, newest first, many at once."""
    search = Filters.read(request.query_params).search(visitor.words.zone, parts.options.country)
    return _rows(parts.database, search, visitor.viewer, visitor.words)


async def _rows(
    database: Database, search: CallSearch, viewer: Viewer, words: Words
) -> AsyncIterator[list[list[Cell]]]:
    before: int | None = None
    while True:
        page = await database.read(partial(find_calls, search=search, viewer=viewer, before=before, limit=AT_ONCE))
        yield [cells_of(call, words) for call in page.calls]
        if page.next is None:
            return
        before = page.next


def cells_of(call: ListedCall, words: Words) -> list[Cell]:
    person, organization = _whom(call, words)
    return [
        words.moment(call.started_at).replace(tzinfo=None, microsecond=0),
        words.term("direction", call.direction),
        words.term("state", call.state),
        with_blanks(other_party(call, words)),
        person,
        organization,
        with_blanks(words.phone(call.line)),
        call.agent or "",
        None if call.waiting is None else round(call.waiting),
        None if call.talking is None else round(call.talking),
        words.gettext("yes") if call.test else words.gettext("no"),
        words.gettext("yes") if call.internal else words.gettext("no"),
    ]


def _whom(call: ListedCall, words: Words) -> tuple[str, str]:
    """Person and organization; where it may be several, all of them."""
    if call.perhaps:
        return words.gettext("perhaps {who}", who="; ".join(call.perhaps)), ""
    several = "; ".join(words.names(call.several))
    if call.somewhere:
        return "", call.organization or several
    return call.person or several, call.organization or ""


def with_blanks(number: str) -> str:
    """+1 201 555 0123: nothing between the digits that a spreadsheet calculates with."""
    return number.replace("-", " ") if number.startswith("+") else number
