"""Links into Zammad lead to the view that the person uses, and never lose the customer."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from sidecar.calls.rules.rules import ZammadSettings
from sidecar.web.rendering.links import link_to
from sidecar.web.views import Target, View, address_in_zammad
from tests.sidecar.store.calls.saved_calls import JANE
from tests.sidecar.web.changes import csrf_of
from tests.sidecar.web.service import Service

ZAMMAD = "https://zammad.example"
CUSTOMER, NEW, TICKET = Target(customer=7), Target(customer=7, new=True), Target(ticket=12)


@pytest.mark.parametrize(
    ("target", "view", "user_pages", "address"),
    [
        (CUSTOMER, View.CLASSIC, True, "/#user/profile/7"),
        (NEW, View.CLASSIC, True, "/#ticket/create/customer/7"),
        (TICKET, View.CLASSIC, True, "/#ticket/zoom/12"),
        (Target(new=True), View.CLASSIC, True, "/#ticket/create"),
        (Target(), View.CLASSIC, True, "/"),
        (CUSTOMER, View.DESKTOP, True, "/desktop/users/7"),
        (CUSTOMER, View.DESKTOP, False, "/desktop/tickets/create?customer_id=7"),
        (NEW, View.DESKTOP, True, "/desktop/tickets/create?customer_id=7"),
        (TICKET, View.DESKTOP, False, "/desktop/tickets/12"),
        (Target(new=True), View.DESKTOP, False, "/desktop/tickets/create"),
        (Target(), View.DESKTOP, False, "/desktop/"),
    ],
)
def test_each_view_has_its_addresses(target: Target, view: View, *, user_pages: bool, address: str) -> None:
    assert address_in_zammad(target, view, zammad=ZAMMAD, user_pages=user_pages) == ZAMMAD + address


@pytest.mark.parametrize(
    ("asked", "link"),
    [
        ({"customer": 7}, "/sidecar/go?customer=7"),
        ({"customer": 7, "new": True}, "/sidecar/go?customer=7&new=1"),
        ({"customer": None, "new": True}, "/sidecar/go?new=1"),
        ({"ticket": 12}, "/sidecar/go?ticket=12"),
        ({}, "/sidecar/go"),
    ],
)
def test_pages_link_to_the_address_that_leads_on(asked: dict[str, int], link: str) -> None:
    assert link_to("/sidecar", **asked) == link  # type: ignore[arg-type] # flags among numbers


def offers_desktop_view(service: Service, *, offered: bool) -> None:
    settings = ZammadSettings(
        sipgate_integration=True,
        sipgate_token="t",
        sipgate_config={},
        cti_integration=True,
        cti_token="t",
        cti_config={},
    )
    service.rules.settings = replace(settings, desktop_view=offered)


@pytest.mark.parametrize(
    ("view", "address"), [("classic", "/#user/profile/7"), ("desktop", "/desktop/tickets/create?customer_id=7")]
)
def test_what_was_chosen_in_the_menu_counts(service: Service, view: str, address: str) -> None:
    with service.signed_in(JANE) as browser:
        origin = {"Origin": service.url.removesuffix("/sidecar")}
        browser.post("/preferences", data={"csrf": csrf_of(browser), "view": view}, headers=origin)
        answer = browser.get("/go?customer=7")
    assert (answer.status_code, answer.headers["Location"].endswith(address)) == (303, True)


def test_without_a_choice_and_without_a_desktop_view_it_is_the_classic_one(service: Service) -> None:
    offers_desktop_view(service, offered=False)
    with service.signed_in(JANE) as browser:
        assert browser.get("/go?ticket=12").headers["Location"].endswith("/#ticket/zoom/12")


def test_under_zammads_own_host_the_browser_looks_at_what_was_chosen_there(service: Service) -> None:
    offers_desktop_view(service, offered=True)
    with service.signed_in(JANE) as browser:
        page = browser.get("/go?customer=7", headers={"Host": urlsplit(service.zammad_url).netloc}).text
    assert f'href="{service.zammad_url}/#user/profile/7" data-classic' in page
    assert f'href="{service.zammad_url}/desktop/users/7" data-desktop' in page
    assert "go.js" in page


def test_rubbish_leads_to_where_zammad_begins(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        assert browser.get("/go?customer=x&ticket=-1").headers["Location"].endswith("/")
