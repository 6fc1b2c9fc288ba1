"""The wallboard on a television."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from sidecar.calls.identification import Recognised
from sidecar.calls.reasons import as_text, because
from tests.sidecar.store.calls.saved_calls import JANE, LINE, Seed, add_person, missed
from tests.sidecar.web.browsers import person
from tests.sidecar.web.changes import change
from tests.sidecar.web.service import Service

ADMIN = 3
CUT_OFF = """
[document.documentElement, ...document.querySelectorAll(".board-now section")]
  .filter((each) => each.scrollHeight > each.clientHeight || each.scrollWidth > each.clientWidth)
  .map((each) => each.className)
"""
SMALLEST = """
Math.min(...[...document.querySelectorAll(".board *")]
  .filter((each) => each.textContent.trim() && !each.children.length && each.offsetParent)
  .map((each) => parseFloat(getComputedStyle(each).fontSize))) / innerHeight
"""
NUMBER, NAME = "+49 30 777777", "Erika Mustermann"


def link(service: Service, **fields: str) -> str:
    """The path of a new board, as an admin is told it."""
    with service.signed_in(ADMIN) as browser:
        page = change(service, browser, "/admin/boards/make", name="Support", **fields).text
    found = re.search(r"data-address>[^<]*(/board/[\w-]+)<", page)
    assert found
    return found[1]


def ringing(service: Service, **more: Any) -> None:
    service.calls(Seed(state="ringing", started_at=service.clock() - 5, **more))


def erika_rings(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 6, NAME)
    ringing(service, number="4930777777", person_id=6)


def test_whoever_has_the_address_sees_the_board_and_no_menu(service: Service) -> None:
    erika_rings(service)
    with service.browser() as television:
        page = television.get(link(service, numbers="on", names="on"))
    assert page.status_code == 200
    assert NUMBER in page.text
    assert NAME in page.text
    assert "<nav" not in page.text


def test_numbers_and_names_are_shown_where_the_admin_wants_them_alone(service: Service) -> None:
    erika_rings(service)
    with service.browser() as television:
        shown = {
            (numbers, names): television.get(
                link(service, **{"numbers": "on"} if numbers else {}, **{"names": "on"} if names else {})
            ).text
            for numbers in (True, False)
            for names in (True, False)
        }
    assert {which: (NUMBER in page, NAME in page) for which, page in shown.items()} == {
        (True, True): (True, True),
        (True, False): (True, False),
        (False, True): (False, True),
        (False, False): (False, False),
    }


def test_who_may_be_calling_is_a_customers_name_as_well(service: Service) -> None:
    phones = [because(Recognised.PHONE, name=name) for name in (NAME, "Otto Müller")]
    several, doubtful = (
        because(Recognised.SEVERAL, candidates=tuple(phones)),
        because(Recognised.PERHAPS, who=phones[0]),
    )
    ringing(service, number="4930777777", extra={"certainty": "several", "identified_as": as_text(several)})
    ringing(service, number="4930777777", extra={"certainty": "perhaps", "identified_as": as_text(doubtful)})
    with service.browser() as television:
        named = television.get(link(service, names="on")).text
        without = [television.get(link(service, **{"numbers": "on"} if more else {})).text for more in (True, False)]
    assert f"{NAME}, Otto Müller" in named
    assert f"perhaps {NAME}" in named
    assert NUMBER not in named
    for page in without:
        assert NAME not in page
        assert "Otto" not in page


def test_calls_of_other_lines_are_neither_shown_nor_counted(service: Service) -> None:
    erika_rings(service)
    ringing(service, line="493099999", number="4930888888")
    service.calls(missed(line="493099999", number="4930555555"), missed(number="4930666666"))
    with service.browser() as television:
        page = television.get(link(service, numbers="on", line=LINE)).text
    assert NUMBER in page
    assert "888888" not in page
    assert re.search(r'Waiting for a call back</h2><p class="large">1</p>', page)


def test_a_revoked_link_leads_nowhere(service: Service) -> None:
    path = link(service)
    with service.browser() as television, service.signed_in(ADMIN) as browser:
        assert television.get(path, headers={"HX-Request": "true"}).status_code == 200
        assert "Support" in browser.get("/admin/boards").text
        change(service, browser, "/admin/boards/1/revoke")
        assert television.get(path).status_code == 404
        assert television.get(path, headers={"HX-Request": "true"}).status_code == 404
        assert "Board link revoked" in browser.get("/admin/audit").text


def test_the_key_is_kept_and_shown_nowhere_else(service: Service) -> None:
    path = link(service)
    key = path.rpartition("/")[2]
    assert len(key) >= 22
    with service.signed_in(ADMIN) as browser:
        assert key not in browser.get("/admin/boards").text
        assert key not in browser.get("/admin/audit").text
    with service.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM board_links").mappings().one()
    assert key not in str(dict(kept))


def test_the_address_is_told_to_nobody_in_headers(service: Service, chromium: Browser) -> None:
    """What asks for scripts and figures is logged by proxies, with its headers."""
    path = link(service)
    told: list[str] = []
    with person(chromium, service, None) as television:
        page = television.new_page()
        page.goto(service.url + path)
        page.on("request", lambda request: told.append(str(request.all_headers())))
        with page.expect_response(lambda response: response.url.endswith(path)):
            pass
        page.reload()
        page.wait_for_load_state()
    assert any("hx-request" in each for each in told)
    assert not [each for each in told if path.rpartition("/")[2] in each]


def test_a_board_that_is_cut_off_says_since_when_and_comes_back_and_ends_with_its_link(
    service: Service, chromium: Browser
) -> None:
    path = link(service)
    with person(chromium, service, None) as television, service.signed_in(ADMIN) as browser:
        page = television.new_page()
        page.clock.install()
        page.goto(service.url + path)
        expect(page.locator("[data-clock]")).to_have_text(re.compile(r"\d\d:\d\d"))
        television.set_offline(True)
        page.clock.fast_forward(20_000)
        expect(page.locator(".lost")).to_be_visible()
        television.set_offline(False)
        page.clock.fast_forward(4_000)
        expect(page.locator(".lost")).to_be_hidden()
        change(service, browser, "/admin/boards/1/revoke")
        page.clock.fast_forward(4_000)
        expect(page.get_by_text("its link has been revoked")).to_be_visible()


def test_twelve_calls_at_once_fit_on_a_television(service: Service, chromium: Browser) -> None:
    now = service.clock()
    talking = [
        Seed(state="answered", agent=(100 + n, "Bartholomäus-Maximilian von und zu Hohenfriedeberg"), answered=3.0,
             number=f"4989500{n:04}", started_at=now - 60)
        for n in range(12)
    ]  # fmt: skip
    service.calls(*talking)
    for n in range(12):
        ringing(service, number=f"4930777{n:04}")
    path = link(service, numbers="on", names="on")
    for width, height in ((1920, 1080), (3840, 2160), (1280, 720)):
        with person(chromium, service, None, viewport={"width": width, "height": height}) as television:
            page = television.new_page()
            page.goto(service.url + path)
            expect(page.locator(".board-now li .span")).to_have_count(24)
            assert page.evaluate(CUT_OFF) == []
            assert page.evaluate(SMALLEST) >= 1 / 60


def test_a_board_needs_a_name_and_an_admin(service: Service) -> None:
    with service.signed_in(ADMIN) as browser:
        assert change(service, browser, "/admin/boards/make", name="  ").status_code == 400
    with service.signed_in(JANE) as browser:
        assert change(service, browser, "/admin/boards/make", name="Mine").status_code == 403
        assert browser.get("/admin/boards").status_code == 403


def test_a_board_goes_on_by_itself_after_a_restart(service: Service, chromium: Browser) -> None:
    path = link(service, numbers="on")
    with person(chromium, service, None) as television:
        page = television.new_page()
        page.clock.install()
        page.goto(service.url + path)
        service.close()
        page.clock.fast_forward(20_000)
        expect(page.locator(".lost")).to_be_visible()
        service.open()
        erika_rings(service)
        page.clock.fast_forward(4_000)
        expect(page.locator(".lost")).to_be_hidden()
        expect(page.locator(".ringing")).to_contain_text(NUMBER)


@pytest.mark.parametrize("status", [200, 404])
def test_what_somebody_else_answers_meanwhile_is_not_shown(service: Service, chromium: Browser, status: int) -> None:
    """A proxy without anybody behind it says that there is no such page, or leads to Zammad."""
    path = link(service, numbers="on")
    erika_rings(service)
    with person(chromium, service, None) as television:
        page = television.new_page()
        page.clock.install()
        page.goto(service.url + path)
        television.route(f"**{path}", lambda route: route.fulfill(status=status, body="<p>Something else</p>"))
        with page.expect_event("requestfinished", lambda request: request.url.endswith(path)):
            page.clock.fast_forward(3_000)  # nothing is on its way any more that set out before
        page.clock.fast_forward(20_000)
        expect(page.locator(".lost")).to_be_visible()
        expect(page.locator(".ringing")).to_contain_text(NUMBER)
        television.unroute(f"**{path}")
        page.clock.fast_forward(4_000)
        expect(page.locator(".lost")).to_be_hidden()
