"""Nothing without signing in, nothing forged, nothing beyond one's rights, and the headers that keep strangers out."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from tests.sidecar.store.calls.saved_calls import JANE, MAX, missed, talked
from tests.sidecar.web.changes import csrf_of
from tests.sidecar.web.service import Service, Wanted
from tests.sidecar.web.streams import next_events, open_stream

ADMIN = 3


def origin(service: Service) -> str:
    return service.url.removesuffix("/sidecar")


def test_a_stream_needs_a_session_too(service: Service) -> None:
    with service.browser() as browser:
        answer = browser.get("/events?topic=calls&after=0", headers={"Accept": "text/event-stream"})
        assert answer.status_code == 401


def test_the_token_of_another_session_is_worth_nothing(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        headers = {"Origin": origin(service), "X-CSRF-Token": csrf_of(jane)}
        assert max_roe.post("/missed/1/take", headers=headers).status_code == 403


def test_an_admin_can_end_a_session(service: Service) -> None:
    with service.signed_in(JANE) as jane, service.signed_in(ADMIN) as admin:
        (key,) = re.findall(r"/admin/sessions/(\w+)/end", admin.get("/admin/sessions").text)
        headers = {"Origin": origin(service), "X-CSRF-Token": csrf_of(admin)}
        assert admin.post(f"/admin/sessions/{key}/end", headers=headers).status_code == 303
        assert jane.get("/").status_code == 303


def test_signing_out_ends_the_streams_of_the_session_and_no_others(service: Service) -> None:
    with (
        service.signed_in(JANE) as jane,
        service.signed_in(MAX) as max_roe,
        open_stream(jane, "calls") as ending,
        open_stream(max_roe, "calls") as staying,
    ):
        jane.post("/sign-out", data={"csrf": csrf_of(jane)}, headers={"Origin": origin(service)})
        assert "bye" in [event.name for event in ending]
        service.calls(talked())
        assert next_events(staying, "call")


@pytest.mark.parametrize(
    "path", ["/", "/missed", "/sign-in", "/static/some-version/style.css", "/nothing-here", "/events?topic=x"]
)
def test_every_answer_carries_the_headers(service: Service, path: str) -> None:
    with service.signed_in(JANE) as browser:
        headers = browser.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_by_caches_but_assets_are(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        page = browser.get("/")
        assert page.headers["Cache-Control"] == "no-store"
        for asset in re.findall(r'(?:src|href)="/sidecar(/static/[^"]+)"', page.text):
            assert "immutable" in browser.get(asset).headers["Cache-Control"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(service: Service) -> None:
    with service.browser(JANE) as browser:
        cookie = browser.get("/sign-in").headers["Set-Cookie"]
        assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Path=/sidecar", "Max-Age=3600"))
        assert "Secure" not in cookie  # plain HTTP of this machine
        elsewhere = browser.get("/sign-in", headers={"Host": "zammad.example.com", "Cookie": _cookies(service)})
        assert "Secure" in elsewhere.headers["Set-Cookie"]


def _cookies(service: Service) -> str:
    return f"_zammad_session_sim={service.sim.log_in(JANE)}"


@pytest.mark.parametrize("path", ["/", "/missed", "/statistics", "/wallboard", "/calls/1"])
def test_no_page_has_inline_scripts_or_styles(service: Service, path: str) -> None:
    service.calls(talked(), missed())
    with service.signed_in(JANE) as browser:
        page = browser.get(path).text
    assert re.findall(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page) == []


def test_names_cannot_smuggle_in_html(service: Service) -> None:
    service.calls(talked((JANE, "<script>alert(1)</script>"), raw="<b>x</b>", number=None))
    with service.signed_in(JANE) as browser:
        for path in ("/", "/calls/1"):
            page = browser.get(path).text
            assert "<script>alert" not in page
            assert "<b>x</b>" not in page


@pytest.mark.parametrize("wanted", [Wanted(restrict_to_own=True)])
def test_restricted_agents_see_their_own_calls_only_everywhere(service: Service) -> None:
    own, foreign = service.calls(
        missed(agents=[JANE]), missed(number="4915550001234", agents=[MAX]), talked((MAX, "Max Roe"), number="4940999")
    )[:2]
    with service.signed_in(JANE) as jane:
        for path in ("/", "/missed", "/calls.csv", "/?q=0155", "/wallboard"):
            text = jane.get(path).text.replace(" ", "")
            assert "5550001234" not in text, path
            assert "40999" not in text, path
        assert "1713920010" in jane.get("/").text.replace(" ", "")
        assert "1713920010" in jane.get("/calls.csv").text.replace(" ", "")
        assert jane.get(f"/calls/{own}").status_code == 200
        assert jane.get(f"/calls/{foreign}").status_code == 404
        headers = {"Origin": origin(service), "X-CSRF-Token": csrf_of(jane)}
        assert jane.post("/missed/2/take", headers=headers).status_code == 404
        with open_stream(jane, "calls") as events:
            service.calls(talked((MAX, "Max Roe"), number="4915550001234"), talked(number="49301111111"))
            shown = next_events(events, "call")
            assert "5550001234" not in "".join(event.data for event in shown).replace(" ", "")


@pytest.mark.parametrize("wanted", [Wanted(restrict_to_own=True)])
def test_admins_see_all_calls_even_then(service: Service) -> None:
    service.calls(missed(number="4915550001234", agents=[MAX]))
    with service.signed_in(ADMIN) as admin:
        assert "5550001234" in admin.get("/").text.replace(" ", "")


@pytest.mark.parametrize(
    "path",
    [
        "/?q=%00",
        "/?q=a%00b&state=missed",
        "/?line=%00",
        "/missed?before=%00",
        "/calls.csv?q=%00",
        "/statistics?line=%00",
        "/%00",
        "/calls/" + "9" * 5000,
    ],
)
def test_what_no_database_can_hold_is_refused_in_addresses(service: Service, path: str) -> None:
    with service.signed_in(JANE) as browser:
        assert browser.get(path).status_code == 400


def test_what_no_database_can_hold_is_replaced_in_notes(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as browser:
        data = {"csrf": csrf_of(browser), "note": "call\0back \ud83d", "version": "1"}
        content = urlencode(data, errors="replace")
        headers = {"Origin": origin(service), "Content-Type": "application/x-www-form-urlencoded"}
        answer = browser.post("/missed/1/note", content=content, headers=headers)
        assert answer.status_code < 400
        assert "call\N{REPLACEMENT CHARACTER}back" in browser.get("/missed").text
