"""The calls of a search as a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from sidecar.calls.identification import Recognised
from sidecar.calls.reasons import Reason, as_text, because
from sidecar.web.calls.export import with_blanks
from sidecar.web.days import midnight, today
from tests.sidecar.store.calls.saved_calls import (
    JANE,
    NOON,
    Seed,
    add_organization,
    add_person,
    missed,
    talked,
)
from tests.sidecar.web.office import settle_in
from tests.sidecar.web.service import Service


def rows_of(browser: Any, ending: str, query: str = "", **headers: str) -> list[list[Any]]:
    """As a program reads them that opens such files."""
    answer = browser.get(f"/calls.{ending}{query}", headers=headers)
    assert f'.{ending}"' in answer.headers["Content-Disposition"]
    if ending == "csv":
        return [list(row) for row in csv.reader(io.StringIO(answer.content.decode("utf-8")))]
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def recognised(certainty: str, *reasons: Reason) -> dict[str, str]:
    who = reasons[0] if len(reasons) == 1 else because(Recognised.SEVERAL, candidates=tuple(reasons))
    return {"certainty": certainty, "identified_as": as_text(who)}


def test_both_files_have_the_same_calls_in_the_same_order_and_the_same_columns(service: Service) -> None:
    service.calls(talked(), missed(number="4930555"), talked(number="4940123", started_at=NOON + 60))
    with service.signed_in(JANE) as browser:
        for query in ("", "?state=ended", "?q=030", "?state=blocked"):
            as_csv, as_xlsx = (rows_of(browser, ending, query) for ending in ("csv", "xlsx"))
            assert [row[1:8] for row in as_csv] == [[cell or "" for cell in row[1:8]] for row in as_xlsx]
            assert [row[0] for row in as_csv[1:]] == [str(row[0]) for row in as_xlsx[1:]]
        assert len(rows_of(browser, "csv", "?state=ended")) == 3


def test_people_of_both_languages_get_the_same_columns_with_their_titles(service: Service) -> None:
    service.calls(talked())
    with service.signed_in(JANE) as browser:
        english, german = (rows_of(browser, "xlsx", **{"Accept-Language": each}) for each in ("en", "de"))
    assert (english[0][0], german[0][0]) == ("Started", "Beginn")
    assert len(english[0]) == len(german[0])


def phones_of(*names: str) -> list[Reason]:
    return [because(Recognised.PHONE, name=name) for name in names]


def main_numbers_of(*names: str) -> list[Reason]:
    return [because(Recognised.MAIN_NUMBER, name=name) for name in names]


OTTO = because(Recognised.PERHAPS, who=because(Recognised.PHONE, name="Otto"))


@pytest.mark.parametrize(
    ("seed", "person", "organization"),
    [
        (missed(person_id=7, organization_id=2), "Otto Müller", "Hafen GmbH"),
        (missed(person_id=8), "", ""),  # nothing but a number
        (missed(), "", ""),
        (missed(extra=recognised("several", *phones_of(*"ABCDE"))), "A; B; C; D; E", ""),
        (missed(extra=recognised("several", *main_numbers_of(*"AB"))), "", "A; B"),
        (missed(organization_id=2, extra=recognised("organization", *main_numbers_of("H"))), "", "Hafen GmbH"),
        (missed(extra=recognised("perhaps", OTTO)), "perhaps Otto", ""),
    ],
)
def test_who_it_was_is_told_as_far_as_it_is_known(service: Service, seed: Seed, person: str, organization: str) -> None:
    with service.database.writing() as connection:
        add_organization(connection, 2, "Hafen GmbH")
        add_person(connection, 7, "Otto Müller", 2)
        add_person(connection, 8, "")
    service.calls(seed)
    with service.signed_in(JANE) as browser:
        _, row = rows_of(browser, "csv")
    assert (row[4], row[5]) == (person, organization)


def test_times_are_those_of_the_clock_on_the_wall(service: Service) -> None:
    service.calls(talked(started_at=NOON))
    with service.signed_in(JANE) as browser:
        (_, as_csv), (_, as_xlsx) = (rows_of(browser, ending) for ending in ("csv", "xlsx"))
    assert as_csv[0] == "2026-11-22 13:00:00"
    assert as_xlsx[0] == datetime(2026, 11, 22, 13)  # noqa: DTZ001 - a file of Excel's knows no zone


def test_what_stands_between_digits_becomes_a_blank() -> None:
    assert with_blanks("+1 201-555-0123") == "+1 201 555 0123"
    assert with_blanks("1452406e0") == "1452406e0"


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
        written = browser.get(f"/calls.csv?since={day.isoformat()}&until={day.isoformat()}").text
        rows = list(csv.DictReader(io.StringIO(written)))
        tiles = re.findall(r"<dd>(?:<a[^>]*>)?([\d,]+)", browser.get("/statistics").text)
    counted = [
        row
        for row in rows
        if (row["Direction"], row["Test call"], row["Internal"]) == ("Incoming", "no", "no")
        and row["State"] != "Blocked"
    ]
    assert {row["Test call"] for row in rows} == {row["Internal"] for row in rows} == {"yes", "no"}
    assert [str(len(counted)), str(sum(row["State"] == "Missed" for row in counted))] == [tiles[0], tiles[2]]
