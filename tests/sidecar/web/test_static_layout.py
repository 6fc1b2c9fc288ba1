"""Long names, names from right to left, and every width people have: nothing is cut off, nothing lies over another."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Connection

from tests.machine import needs_chromium
from tests.sidecar.store.calls.saved_calls import MAX, Seed, add_calls, add_organization, add_person, talked
from tests.sidecar.store.calls.saved_calls import missed as missed_call
from tests.sidecar.web.browsers import open_live, page_of
from tests.sidecar.web.findings import CUT_OFF
from tests.sidecar.web.service import Service

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG_NAME = "Maximiliane-Friederike von Hohenlohe-Schillingsfürst zu Oettingen"
ARABIC = "شركة الاتصالات العربية محمد"
WIDTHS = (380, 768, 1280, 1345, 1440, 1920)
LONG_AGENT = (11, LONG_NAME)
# Words of one row that lie over each other.
OVERLAPPING = """() => [...document.querySelectorAll('tr.call, .missed-call')].flatMap((row) => {
  const boxes = [...row.querySelectorAll('.name, .number, time, .state-mark, td.agent bdi, .button, button')]
    .filter((each) => each.checkVisibility()).map((each) => [each, each.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], place) => boxes.slice(place + 1)
    .filter(([other, b]) => !one.contains(other) && !other.contains(one) && a.left < b.right - 1 && b.left < a.right - 1
      && a.top < b.bottom - 3 && b.top < a.bottom - 3)
    .map(([other]) => `${one.className || one.tagName} over ${other.className || other.tagName}`)); })"""

pytestmark = needs_chromium


def people_with_long_names(connection: Connection, now: float) -> None:
    add_organization(connection, 50, LONG_WORD)
    add_organization(connection, 51, ARABIC)
    for number, name, organization in ((50, LONG_NAME, 50), (51, ARABIC, 51), (52, LONG_WORD, 50)):
        add_person(connection, number, name, organization)
    add_calls(
        connection,
        *(talked(LONG_AGENT, person_id=who, organization_id=50, number=f"49171887766{who}", started_at=now - 3000)
          for who in (50, 51, 52)),
        *(missed_call(person_id=who, organization_id=51, number=f"49171887755{who}", started_at=now - 900)
          for who in (50, 51, 52)),
        Seed(state="machine", started_at=now - 100, number=None),
        Seed(state="ringing", started_at=now - 5, agents=[MAX], person_id=51, number="4917188776651"),
        now=now,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
@pytest.mark.parametrize("path", ["/", "/missed", "/calls/1"])
def test_whatever_the_width_nothing_is_cut_off_or_lies_over_another(
    chromium: Browser, service: Service, path: str, language: str
) -> None:
    with service.database.writing() as connection:
        people_with_long_names(connection, service.clock())
    with page_of(chromium, service, locale=language) as page:
        open_live(page, service, path)
        faults: dict[int, Any] = {}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            faults[width] = (page.evaluate(CUT_OFF), page.evaluate(OVERLAPPING))
        assert faults == dict.fromkeys(WIDTHS, ([], []))


def test_whatever_the_names_a_wallboard_is_as_wide_as_its_window(chromium: Browser, service: Service) -> None:
    now = service.clock()
    with service.database.writing() as connection:
        people_with_long_names(connection, now)
        talks = (
            Seed(state="answered", agent=LONG_AGENT, answered=2.0, person_id=who, started_at=now - 9)
            for who in (50, 51, 52)
        )
        add_calls(connection, *talks, now=now)
    with page_of(chromium, service) as page:
        open_live(page, service, "/wallboard")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_name_from_right_to_left_leaves_the_number_as_it_is(chromium: Browser, service: Service) -> None:
    with service.database.writing() as connection:
        people_with_long_names(connection, service.clock())
    with page_of(chromium, service) as page:
        open_live(page, service, "/missed")
        number = page.locator("#waiting .number", has_text="+49 171 88775551")
        assert left_of(page, number.first.evaluate_handle("each => each.firstChild"), "+") is True


def left_of(page: Page, text: Any, sign: str) -> bool:
    """Whether this sign stands left of all others of the text."""
    places: list[float] = page.evaluate(
        """(text) => [...text.data].map((_, place) => { const range = document.createRange();
          range.setStart(text, place); range.setEnd(text, place + 1); return range.getBoundingClientRect().left; })""",
        text,
    )
    return places[0] == min(places) and sign == "+"


def test_the_head_of_the_list_stays_in_sight(chromium: Browser, service: Service) -> None:
    service.calls(*(talked(number=f"49301{number:05}") for number in range(45)))
    with page_of(chromium, service, viewport={"width": 1280, "height": 700}) as page:
        open_live(page, service)
        page.locator("tr.call").nth(40).scroll_into_view_if_needed()
        expect(page.locator("th.who")).to_be_in_viewport()
