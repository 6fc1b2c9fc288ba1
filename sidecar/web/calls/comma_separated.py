"""The calls of a search as CSV (RFC 4180), for programs: sent as it is read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Iterable

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sidecar.web.access.visitor import Visitor
from sidecar.web.calls.export import Cell, as_file, rows_found, titles
from sidecar.web.parts import Parts

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet calculate; the last four are the first ones, wide."""
TELEPHONE_NUMBER = re.compile(r"\+[0-9]+(?: [0-9]+)+")


async def download(request: Request, visitor: Visitor, parts: Parts) -> Response:
    return StreamingResponse(
        _lines(titles(visitor.words), rows_found(request, visitor, parts)),
        media_type="text/csv; charset=utf-8",
        headers=as_file(visitor, parts, "csv"),
    )


async def _lines(head: list[str], rows: AsyncIterator[list[list[Cell]]]) -> AsyncIterator[str]:
    yield _written([head])
    async for some in rows:
        if some:
            yield _written(some)


def _written(rows: Iterable[Iterable[Cell]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([defused(_text(cell)) for cell in row] for row in rows)
    return written.getvalue()


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def defused(cell: str) -> str:
    """The same text, never a formula. A telephone number is none: it has blanks."""
    return f"'{cell}" if cell.startswith(FORMULA) and not TELEPHONE_NUMBER.fullmatch(cell) else cell
