"""The calls of a search as a CSV file, sent as it is read."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sidecar.calls.listing import ListedCall
from sidecar.calls.search import CallSearch
from sidecar.store.calls.search import CallPage, find_calls
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Database
from sidecar.web.access.visitor import Visitor
from sidecar.web.filters import Filters
from sidecar.web.options import WebOptions
from sidecar.web.speech import Speech

AT_ONCE = 500  # calls
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what makes a spreadsheet calculate
BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take UTF-8 for something else
COLUMNS = (
    "started", "direction", "state", "number", "person", "organization", "line", "agent", "waiting", "talking",
    "test", "internal",
)  # fmt: skip


class Export:
    def __init__(self, *, database: Database, options: WebOptions, clock: Callable[[], float]) -> None:
        self._database = database
        self._options = options
        self._clock = clock

    async def download(self, request: Request, visitor: Visitor) -> Response:
        search = Filters.read(request.query_params).search(visitor.speech, self._options.country)
        name = f"calls-{visitor.speech.today(self._clock()).isoformat()}.csv"
        return StreamingResponse(
            self._lines(search, visitor.viewer, visitor.speech),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    async def _lines(self, search: CallSearch, viewer: Viewer, speech: Speech) -> AsyncIterator[str]:
        yield BYTE_ORDER_MARK + _line([speech(f"export.{name}") for name in COLUMNS], speech)
        before: int | None = None
        while True:
            page = await self._page(search, viewer, before)
            if page.calls:
                yield "".join(_line(_cells(call, speech), speech) for call in page.calls)
            if page.next is None:
                return
            before = page.next

    async def _page(self, search: CallSearch, viewer: Viewer, before: int | None) -> CallPage:
        return await self._database.read(
            lambda connection: find_calls(connection, search, viewer, before=before, limit=AT_ONCE)
        )


def _cells(call: ListedCall, speech: Speech) -> list[str]:
    return [
        f"{speech.moment(call.started_at):%Y-%m-%d %H:%M:%S}",
        speech(f"direction.{call.direction}"),
        speech(f"state.{call.state}"),
        speech.other_party(call),
        call.person or "",
        call.organization or "",
        speech.phone(call.line),
        call.agent or "",
        "" if call.waiting is None else str(round(call.waiting)),
        "" if call.talking is None else str(round(call.talking)),
        speech("export.yes" if call.test else "export.no"),
        speech("export.yes" if call.internal else "export.no"),
    ]


def _line(cells: Iterable[str], speech: Speech) -> str:
    """German spreadsheets want semicolons."""
    written = io.StringIO()
    delimiter = ";" if speech.language == "de" else ","
    csv.writer(written, delimiter=delimiter).writerow([defused(cell) for cell in cells])
    return written.getvalue()


def defused(cell: str) -> str:
    """The same text, never a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
