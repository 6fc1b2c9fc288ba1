"""The Excel file, for people."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from sidecar.web.calls import workbook
from sidecar.web.calls.export import COLUMNS, Cell
from tests.sidecar.store.calls.saved_calls import JANE, add_person, missed, talked
from tests.sidecar.web.service import Service

AT = datetime(2026, 11, 22, 13, 5, 9)  # noqa: DTZ001 - a file of Excel's knows no zone


def cells_written(folder: Path, *texts: str) -> list[Any]:
    """Each text as it comes back out of the file."""
    file = io.BytesIO()
    book = workbook.Book(file, str(folder), "Calls", COLUMNS)
    book.add(row_with(text) for text in texts)
    book.close()
    sheet = load_workbook(io.BytesIO(file.getvalue())).worksheets[0]
    return [row[4] for row in sheet.iter_rows(min_row=2)]


def row_with(person: str) -> Sequence[Cell]:
    return [AT, "in", "missed", "+49 30 1234567", person, "", "201", "", 12, None, "no", "no"]


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+49 30", "-1", "@x", "http://example.com", "007", "1e5", "TRUE", "{=1}", "'quoted", " blanks "),
        *("M\u00fcller \u2013 \u4e2d\u6587 \U0001f4de", "_x0041_", "<b>&amp;", "line\nbreak", "x" * 32_767),
    ],
)
def test_a_text_is_a_text_whatever_stands_in_it(tmp_path: Path, text: str) -> None:
    (cell,) = cells_written(tmp_path, text)
    assert (cell.data_type, unescape(cell.value)) in {("s", text), ("inlineStr", text)}


def test_what_no_file_of_excels_may_hold_is_left_out(tmp_path: Path) -> None:
    (odd, long) = cells_written(tmp_path, "\x00a\uffff\ufffeb\x1f\ud800c", "y" * 40_000)
    assert odd.value == "abc"
    assert len(long.value) == 32_767


def test_numbers_are_text_times_are_times_and_spans_can_be_added_up(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 7, "=1+1")
    service.calls(talked(person_id=7), missed(number=None, raw="1452406e0"))
    with service.signed_in(JANE) as browser:
        answer = browser.get("/calls.xlsx")
    assert answer.headers["Content-Type"] == workbook.MEDIA_TYPE
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    sip, known = sheet.iter_rows(min_row=2)
    assert [(cell.data_type, cell.value) for cell in (sip[3], known[3], known[4])] == [
        ("s", "1452406e0"), ("s", "+49 171 3920010"), ("s", "=1+1"),
    ]  # fmt: skip
    assert isinstance(known[0].value, datetime)
    assert [(cell.data_type, cell.value) for cell in (known[8], known[9])] == [("n", 8), ("n", 60)]
    assert sip[9].value is None
    assert sheet.freeze_panes == "A2"


def test_there_is_no_formula_in_the_file(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 7, '=HYPERLINK("http://evil","x")')
    service.calls(talked(person_id=7))
    with service.signed_in(JANE) as browser:
        content = browser.get("/calls.xlsx").content
    with ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
    assert sheets
    assert not re.search(r"<f[ >]|<hyperlink", "".join(sheets))


def test_more_calls_than_a_sheet_takes_go_on_another_one(tmp_path: Path) -> None:
    file = io.BytesIO()
    book = workbook.Book(file, str(tmp_path), "Calls", COLUMNS, longest=3)
    book.add(row_with(str(place)) for place in range(7))
    book.close()
    sheets = load_workbook(io.BytesIO(file.getvalue())).worksheets
    assert [sheet.title for sheet in sheets] == ["Calls", "Calls 2", "Calls 3"]
    assert [[row[4] for row in sheet.values][1:] for sheet in sheets] == [["0", "1", "2"], ["3", "4", "5"], ["6"]]
    assert all(next(iter(sheet.values))[0] == "Started" for sheet in sheets)
