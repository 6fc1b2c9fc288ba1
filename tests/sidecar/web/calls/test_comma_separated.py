"""The CSV file, for programs.

Shown by iris-connect/iris-client 443 (the plus of telephone numbers), hhurz/tableExport.jquery.plugin 230 (formulas).
"""

from __future__ import annotations

import csv
import io

import pytest

from sidecar.web.calls.comma_separated import defused
from tests.sidecar.store.calls.saved_calls import JANE, add_person, missed, talked
from tests.sidecar.web.service import Service


def test_it_is_what_rfc_4180_says(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 7, 'Otto "der Große", Müller')
    service.calls(talked(person_id=7), missed(number=None))
    with service.signed_in(JANE) as browser:
        answer = browser.get("/calls.csv", headers={"Accept-Language": "de"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"Beginn,Richtung,")
    assert answer.content.count(b"\r\n") == answer.content.count(b"\n") == 3
    assert b'"Otto ""der Gro\xc3\x9fe"", M\xc3\xbcller"' in answer.content


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "+49",
            "+",
            "+1+1",
            "+1 -1",
            "+49 30 x",
        ),
        *("\uff1d1", "\uff0b1", "\uff0d1", "\uff201"),
    ],
)
def test_what_begins_like_a_formula_is_text(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Otto", "+49 30 1234567", "+1 201 555 0123", "1452406e0", "", "a=b", " =1"])
def test_everything_else_is_as_it_is(cell: str) -> None:
    assert defused(cell) == cell


def test_no_spreadsheet_calculates_with_it_and_numbers_are_as_people_write_them(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 7, '=HYPERLINK("http://evil";"x")')
    service.calls(
        talked(person_id=7), talked((JANE, "@SUM(A1)"), number="4940123"), missed(number="12015550123"),
        missed(number=None, raw="+cmd|x"),
    )  # fmt: skip
    with service.signed_in(JANE) as browser:
        rows = list(csv.reader(io.StringIO(browser.get("/calls.csv").text)))
    assert [row[3] for row in rows[1:]] == ["'+cmd|x", "+1 201 555 0123", "+49 40 123", "+49 171 3920010"]
    assert rows[4][4] == '\'=HYPERLINK("http://evil";"x")'
    assert rows[3][7] == "'@SUM(A1)"
