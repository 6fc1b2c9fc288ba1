"""The calls of a search as an Excel file, for people: numbers are text, times are times, nothing is a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sidecar.web.access.visitor import Visitor
from sidecar.web.calls.export import Cell, as_file, rows_found, titles
from sidecar.web.parts import Parts

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_SHEET = 1_000_000  # rows; Excel takes 1,048,576
LONGEST_CELL = 32_767  # characters, of Excel's
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # may not stand in such a file
WIDTHS = (19, 12, 16, 22, 28, 28, 22, 22, 11, 11, 10, 10)  # characters, of the columns
SENT_AT_ONCE = 64 * 1024  # bytes


async def download(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """Written to a file first, row by row, beside the event loop: so many calls need no memory."""
    file = TemporaryFile()  # noqa: SIM115 - closed when it was sent, or with the last who knows it
    with TemporaryDirectory() as folder:
        book = Book(file, folder, visitor.words.gettext("Calls"), titles(visitor.words))
        async for rows in rows_found(request, visitor, parts):
            await to_thread.run_sync(book.add, rows)
        await to_thread.run_sync(book.close)
    length = {"Content-Length": str(file.tell())}
    return StreamingResponse(_pieces(file), media_type=MEDIA_TYPE, headers=as_file(visitor, parts, "xlsx") | length)


class Book:
    """Sheets with the same columns, as many as it takes. `folder`: for what is not in the file yet."""

    def __init__(
        self, file: IO[bytes], folder: str, name: str, head: Sequence[str], *, longest: int = LONGEST_SHEET
    ) -> None:
        self._book = Workbook(file, {"constant_memory": True, "tmpdir": folder})
        self._title = self._book.add_format({"bold": True})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._name, self._head, self._longest = name, head, longest
        self._sheet, self._next = self._sheet_with_head(), 1

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            if self._next > self._longest:
                self._sheet, self._next = self._sheet_with_head(), 1
            for column, cell in enumerate(row):
                _write(self._sheet, self._next, column, cell, self._time)
            self._next += 1

    def close(self) -> None:
        self._book.close()

    def _sheet_with_head(self) -> Worksheet:
        count = len(self._book.worksheets())
        sheet = self._book.add_worksheet(f"{self._name} {count + 1}" if count else self._name)
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for column, (title, width) in enumerate(zip(self._head, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, self._title)
        return sheet


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, time: Format) -> None:
    match cell:
        case datetime():
            sheet.write_datetime(row, column, cell, time)
        case int():
            sheet.write_number(row, column, cell)
        case str():
            sheet.write_string(row, column, NO_XML.sub("", cell)[:LONGEST_CELL])
        case None:
            pass


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(SENT_AT_ONCE):
            yield piece
