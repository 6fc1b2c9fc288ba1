"""The calls of a search as a file."""

from __future__ import annotations

import csv
import io
import re

import pytest

from sidecar.web.calls.export import defused
from sidecar.web.days import midnight, today
from tests.sidecar.store.calls.saved_calls import JANE, Seed, add_person, missed, talked
from tests.sidecar.web.office import settle_in
from tests.sidecar.web.service import Service


def test_the_export_is_the_search_and_no_spreadsheet_calculates_with_it(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 7, '=HYPERLINK("http://evil";"x")')
    service.calls(talked(person_id=7), missed(number="4930555"), talked((JANE, "@SUM(A1)"), number="4940123"))
    with service.signed_in(JANE) as browser:
        answer = browser.get("/calls.csv?state=ended")
        german = browser.get("/calls.csv", headers={"Accept-Language": "de"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 3
    assert rows[2][4] == '\'=HYPERLINK("http://evil";"x")'
    assert rows[1][7] == "'@SUM(A1)"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert german.text.removeprefix("\ufeff").startswith("Beginn;")
    assert len(german.text.splitlines()) == 4


@pytest.mark.parametrize("cell", ["=1+1", "+49 30", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_what_begins_like_a_formula_is_defused(cell: str) -> None:
    assert defused(cell) == f"'{cell}"
    assert defused("Otto") == "Otto"


def test_a_lead_counts_in_the_export_what_the_statistics_count(service: Service) -> None:
    day = today(service.clock(), "Europe/Berlin")
    began_at = midnight(day, "Europe/Berlin")
    with service.database.writing() as connection:
        settle_in(connection, midnight=began_at, days=1, calls=80)
    service.calls(
        talked(started_at=began_at + 5, test=True),
        missed(started_at=began_at + 6, internal=True),
        Seed(state="blocked", started_at=began_at + 7),
    )
    with service.signed_in(JANE) as browser:
        rows = list(
            csv.DictReader(
                io.StringIO(
                    browser.get(f"/calls.csv?since={day.isoformat()}&until={day.isoformat()}").text.removeprefix(
                        "\ufeff"
                    )
                )
            )
        )
        tiles = re.findall(r"<dd>([\d,]+)", browser.get("/numbers").text)
    counted = [
        row
        for row in rows
        if (row["Direction"], row["Test call"], row["Internal"]) == ("Incoming", "no", "no")
        and row["State"] != "Blocked"
    ]
    assert {row["Test call"] for row in rows} == {row["Internal"] for row in rows} == {"yes", "no"}
    assert [str(len(counted)), str(sum(row["State"] == "Missed" for row in counted))] == [tiles[0], tiles[2]]
