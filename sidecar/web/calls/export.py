"""The calls of a search as a CSV file, sent as it is read."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

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
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what makes a spreadsheet calculate
BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take UTF-8 for something else
COLUMNS = (
    N_("Started"), N_("Direction"), N_("State"), N_("Number"), N_("Person"), N_("Organization"), N_("Line"),
    N_("Agent"), N_("Waiting (s)"), N_("Talk (s)"), N_("Test call"), N_("Internal"),
)  # fmt: skip


async def download(request: Request, visitor: Visitor, parts: Parts) -> Response:
    search = Filters.read(request.query_params).search(visitor.words.zone, parts.options.country)
    name = f"calls-{today(parts.clock(), visitor.words.zone).isoformat()}.csv"
    return StreamingResponse(
        _lines(parts.database, search, visitor.viewer, visitor.words),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _lines(database: Database, search: CallSearch, viewer: Viewer, words: Words) -> AsyncIterator[str]:
    yield BYTE_ORDER_MARK + _line([words.gettext(title) for title in COLUMNS], words)
    before: int | None = None
    while True:
        page = await database.read(partial(find_calls, search=search, viewer=viewer, before=before, limit=AT_ONCE))
        if page.calls:
            yield "".join(_line(_cells(call, words), words) for call in page.calls)
        if page.next is None:
            return
        before = page.next


def _cells(call: ListedCall, words: Words) -> list[str]:
    return [
        f"{words.moment(call.started_at):%Y-%m-%d %H:%M:%S}",
        words.term("direction", call.direction),
        words.term("state", call.state),
        other_party(call, words),
        call.person or "",
        call.organization or "",
        words.phone(call.line),
        call.agent or "",
        "" if call.waiting is None else str(round(call.waiting)),
        "" if call.talking is None else str(round(call.talking)),
        words.gettext("yes") if call.test else words.gettext("no"),
        words.gettext("yes") if call.internal else words.gettext("no"),
    ]


def _line(cells: Iterable[str], words: Words) -> str:
    """German spreadsheets want semicolons."""
    written = io.StringIO()
    delimiter = ";" if words.language == "de" else ","
    csv.writer(written, delimiter=delimiter).writerow([defused(cell) for cell in cells])
    return written.getvalue()


def defused(cell: str) -> str:
    """The same text, never a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
