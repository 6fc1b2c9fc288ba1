"""Every address of the pages is closed to whom the table does not name."""

from __future__ import annotations

from sidecar.web.routes import ADDRESSES, Address, Who
from tests.sidecar.store.calls.saved_calls import JANE, missed
from tests.sidecar.web.changes import csrf_of
from tests.sidecar.web.service import Service

ADMIN = 3
CLOSED = [each for each in ADDRESSES if each.who is not Who.EVERYBODY]
FOR_ADMINS = [each for each in ADDRESSES if each.who is Who.ADMINS]
PAGES = {each.path for each in ADDRESSES if each.method == "GET"}
CHANGES = [each for each in CLOSED if each.method == "POST"]


def place(address: Address) -> str:
    return address.path.replace("{number:int}", "1").replace("{key}", "0")


def own_origin(service: Service) -> dict[str, str]:
    return {"Origin": service.url.removesuffix("/sidecar")}


def test_signing_in_and_televisions_alone_are_open_to_everybody_and_admin_pages_are_for_admins() -> None:
    assert [each.path for each in ADDRESSES if each.who is Who.EVERYBODY] == [
        "/sign-in",
        "/sign-in/done",
        "/standing",
        "/trickle",
        "/manifest.webmanifest",
        "/worker.js",
        "/board/{key}",
    ]
    assert [each for each in ADDRESSES if each.path.startswith("/admin")] == FOR_ADMINS


def test_a_stranger_is_shown_nothing_anywhere(service: Service) -> None:
    service.calls(missed())
    with service.browser() as browser:
        for address in CLOSED:
            answer = browser.request(address.method, place(address))
            part = browser.request(address.method, place(address), headers={"HX-Request": "true"})
            whole_page = address.method == "GET" and address.path != "/events"
            assert (answer.status_code, part.status_code) == (303 if whole_page else 401, 401), address.path
            assert "1713920010" not in answer.text + part.text, address.path


def test_an_agent_is_refused_wherever_admins_are_asked_for(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        headers = {**own_origin(service), "X-CSRF-Token": csrf_of(browser)}
        answers = {each: browser.request(each.method, place(each), headers=headers) for each in FOR_ADMINS}
    assert {each.path: answer.status_code for each, answer in answers.items() if answer.status_code != 403} == {}


def test_no_change_is_made_by_a_link_nor_without_token_nor_from_elsewhere(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(ADMIN) as browser:
        csrf = csrf_of(browser)
        own, other = own_origin(service), "0" * 64
        forged: list[tuple[dict[str, str], dict[str, str]]] = [
            (own, {}),
            (own, {"csrf": other}),
            ({**own, "X-CSRF-Token": other}, {}),
            ({"Origin": "https://evil.example"}, {"csrf": csrf}),
            ({"Origin": "null"}, {"csrf": csrf}),
            ({"Sec-Fetch-Site": "cross-site"}, {"csrf": csrf}),
            ({}, {"csrf": csrf}),
        ]
        for address in CHANGES:
            if address.path not in PAGES:
                assert browser.get(place(address)).status_code == 405, address.path
            answers = [browser.post(place(address), headers=headers, data=fields) for headers, fields in forged]
            assert [answer.status_code for answer in answers] == [403] * len(forged), address.path
        assert browser.get("/").status_code == 200
