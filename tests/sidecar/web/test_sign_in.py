"""Signing in without an account of our own, and what ends a session."""

from __future__ import annotations

from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest

from rest_transport.trust import authorities
from sidecar.store.pages.tables import web_sessions
from sidecar.web.access.attempts import OF_ONE_ADDRESS
from tests.sidecar.store.calls.saved_calls import JANE, MAX, talked
from tests.sidecar.web.service import ZAMMAD_COOKIE, Service, Wanted
from tests.sidecar.web.streams import next_events, open_stream

ADMIN, CUSTOMER = 3, 6
BY_OAUTH = pytest.mark.parametrize("wanted", [Wanted(oauth=True)])


def session_cookie(browser: httpx.Client) -> str | None:
    return next((cookie.value for cookie in browser.cookies.jar if cookie.name == "sidecar_session"), None)


def oauth_round(service: Service, browser: httpx.Client, user_id: int, page: str = "/sidecar/missed") -> httpx.Response:
    """From the first page to Zammad, where this person is logged in, and back."""
    to_zammad = browser.get("/sign-in", params={"next": page})
    zammad = httpx.get(
        to_zammad.headers["Location"],
        cookies={ZAMMAD_COOKIE: service.sim.log_in(user_id)},
        trust_env=False,
        verify=authorities(),
    )
    return browser.get(zammad.headers["Location"])


def test_whoever_is_signed_in_to_zammad_under_the_same_host_is_let_in(service: Service) -> None:
    with service.browser(JANE) as browser:
        page = browser.get("/missed", follow_redirects=True)
        assert (page.status_code, page.url.path) == (200, "/sidecar/missed")
        assert "Jane Doe" in page.text


@pytest.mark.parametrize("path", ["/", "/missed", "/statistics", "/wallboard", "/calls/1", "/admin"])
def test_a_stranger_is_sent_to_sign_in_and_comes_back_to_the_page(service: Service, path: str) -> None:
    with service.browser() as browser:
        answer = browser.get(f"{path}?q=x")
        assert answer.status_code == 303
        target = urlsplit(answer.headers["Location"])
        assert (target.path, parse_qs(target.query)) == ("/sidecar/sign-in", {"next": [f"/sidecar{path}?q=x"]})
        assert browser.get("/sign-in").status_code == 401


def test_a_bogus_cookie_of_zammad_lets_nobody_in(service: Service) -> None:
    with service.browser() as browser:
        browser.cookies.set(ZAMMAD_COOKIE, "0" * 32, domain="127.0.0.1")
        assert browser.get("/sign-in").status_code == 401


def test_a_customer_is_not_let_in(service: Service) -> None:
    with service.browser(CUSTOMER) as browser:
        answer = browser.get("/sign-in")
        assert (answer.status_code, session_cookie(browser)) == (403, None)
        assert "cti.agent" in answer.text


def test_the_right_to_call_taken_away_in_zammad_ends_the_visit(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        service.sim.change_user(JANE, roles=["Customer"])
        service.refresh_rights()
        assert browser.get("/").status_code == 303


def test_only_zammads_own_cookie_goes_to_zammad(service: Service) -> None:
    with service.browser(JANE) as browser:
        browser.cookies.set("another_secret", "keep me", domain="127.0.0.1")
        browser.get("/sign-in")
        assert session_cookie(browser)


def test_to_zammad_it_is_the_same_device_and_no_new_one(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        browser.headers["User-Agent"] = "Mozilla/5.0 (of Jane)"
        service.later += 61
        assert browser.get("/").status_code == 200
        asked = [seen for seen in service.sim.requests if seen.path == "/api/v1/users/me"]
        assert (asked[-1].user_agent, asked[-1].forwarded_for) == ("Mozilla/5.0 (of Jane)", "127.0.0.1")


def test_logging_out_of_zammad_ends_the_session_within_a_minute(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        service.sim.sessions.clear()
        assert browser.get("/").status_code == 200
        service.later += 61
        assert browser.get("/").status_code == 303


def test_another_person_in_the_same_browser_does_not_inherit_the_session(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        browser.cookies.set(ZAMMAD_COOKIE, service.sim.log_in(ADMIN), domain="127.0.0.1")
        service.later += 61
        page = browser.get("/", follow_redirects=True)
        assert "Jane Doe" not in page.text


def test_while_zammad_is_down_people_go_on_working(service: Service) -> None:
    with service.signed_in(JANE) as browser, service.browser() as late:
        service.sim.faults.next(1000).fail(503, path="/api/v1/users/me")
        service.later += 61
        assert browser.get("/").status_code == 200
        late.cookies.set(ZAMMAD_COOKIE, "x", domain="127.0.0.1")
        assert late.get("/sign-in").status_code == 503
        service.later += 3600
        assert browser.get("/").status_code == 303


@pytest.mark.parametrize("wanted", [Wanted(session_seconds=20_000)])
@pytest.mark.parametrize(("status", "good_for"), [(404, 11), (422, 11), (500, 12), (503, 12)])
def test_an_answer_that_is_no_yes_keeps_a_session_for_an_hour_at_most(
    service: Service, status: int, good_for: int
) -> None:
    """From the last answer on, or where there is none at all from the first silence on."""
    with service.signed_in(JANE) as browser, open_stream(browser, "calls") as events:
        service.sim.faults.fail(status, path="/api/v1/users/me")
        answers = []
        for _ in range(good_for + 1):
            service.later += 320
            answers.append(browser.get("/").status_code)
            service.dismiss_strangers()
        assert answers == [200] * good_for + [303]
        assert [event.name for event in events if event.name != "beat"] == []


def asked(service: Service) -> int:
    """How often Zammad was asked who somebody is."""
    return sum(seen.path.startswith("/api/v1/users/me") for seen in service.sim.requests)


def test_a_zammad_that_does_not_answer_is_asked_once_in_a_while_for_all(service: Service) -> None:
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        service.sim.faults.fail(503, path="/api/v1/users/me")
        service.later += 61
        before = asked(service)
        assert jane.get("/").status_code == 200
        attempts = asked(service) - before
        assert attempts
        for browser in (jane, max_roe, jane):
            assert browser.get("/").status_code == 200
        assert asked(service) - before == attempts
        service.later += 31
        for browser in (max_roe, jane):
            assert browser.get("/").status_code == 200
        assert asked(service) - before == 2 * attempts
        service.sim.faults.clear()
        service.sim.sessions.clear()
        service.later += 31
        assert [browser.get("/").status_code for browser in (jane, max_roe)] == [303, 303]


@pytest.mark.parametrize("wanted", [Wanted(session_seconds=20_000)])
def test_open_pages_stay_while_zammad_is_down(service: Service) -> None:
    with service.signed_in(JANE) as browser, open_stream(browser, "calls") as events:
        service.sim.faults.fail(503, path="/api/v1/users/me")
        for _ in range(3):
            service.later += 3000
            service.dismiss_strangers()
        service.calls(talked())
        assert next_events(events, "call")
        assert browser.get("/").status_code == 200, "idle for hours, and Zammad silent only now"


BY_ITSELF = {"X-Sidecar-By-Itself": "1"}


def standing(browser: httpx.Client) -> str:
    return browser.get("/standing", headers=BY_ITSELF).text


def test_a_page_merely_open_keeps_no_session_of_zammads_alive(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        before = asked(service)
        service.later += 1000
        with open_stream(browser, "calls"):
            service.dismiss_strangers()
        for path in ("/", "/my-calls", "/wallboard"):
            assert browser.get(path, headers=BY_ITSELF).status_code == 200
        assert standing(browser) == "here"
        assert asked(service) == before
        assert browser.get("/").status_code == 200
        assert asked(service) == before + 1, "somebody has done something"


def test_an_open_page_ends_when_somebody_else_signs_in(service: Service) -> None:
    with service.signed_in(JANE) as browser, open_stream(browser, "calls") as events:
        browser.cookies.set(ZAMMAD_COOKIE, service.sim.log_in(MAX), domain="127.0.0.1")
        assert standing(browser) == "gone"
        assert [event.name for event in events if event.name != "beat"] == ["bye"]
        assert browser.get("/", headers=BY_ITSELF).status_code == 401


def test_a_page_goes_on_when_its_person_has_signed_in_anew_and_zammad_is_asked_once(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        browser.cookies.set(ZAMMAD_COOKIE, service.sim.log_in(JANE), domain="127.0.0.1")
        before = asked(service)
        assert [standing(browser) for _ in range(3)] == ["here"] * 3
        assert asked(service) == before + 1


def test_an_open_page_ends_without_a_question_when_zammads_cookie_is_gone(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        browser.cookies.delete(ZAMMAD_COOKIE)
        before = asked(service)
        assert standing(browser) == "gone"
        assert asked(service) == before


@pytest.mark.parametrize("wanted", [Wanted(session_seconds=100_000)])
def test_a_page_that_nobody_uses_pauses_until_somebody_does(service: Service) -> None:
    with service.signed_in(JANE) as browser, open_stream(browser, "calls") as events:
        service.later += 43_300
        service.dismiss_strangers()
        assert [event.name for event in events if event.name != "beat"] == []
        assert standing(browser) == "paused"
        assert browser.get("/", headers=BY_ITSELF).status_code == 401
        assert browser.get("/wallboard", headers=BY_ITSELF).status_code == 200
        with open_stream(browser, "numbers"):
            service.dismiss_strangers()
        assert browser.get("/").status_code == 200
        assert standing(browser) == "here"


@pytest.mark.parametrize("wanted", [Wanted(session_seconds=30)])
def test_a_session_expires(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        service.later += 31
        assert browser.get("/").status_code == 303


def test_at_plain_http_the_browser_is_told_what_is_missing_and_not_sent_in_circles(service: Service) -> None:
    with service.browser(JANE) as browser:
        browser.headers["Host"] = "zammad.example.com"
        page = browser.get("/missed", follow_redirects=True)
        assert (page.status_code, page.url.path) == (400, "/sidecar/sign-in")
        assert "need HTTPS" in page.text
        with service.database.reading() as connection:
            assert len(connection.execute(web_sessions.select()).all()) == 1


def test_signing_in_again_soon_after_signing_out_is_no_lost_cookie(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        csrf = browser.get("/").text.split('name="csrf" value="')[1].split('"')[0]
        browser.post("/sign-out", data={"csrf": csrf}, headers={"Origin": service.url.removesuffix("/sidecar")})
        assert browser.get("/sign-in?again=1").status_code == 303
        assert browser.get("/").status_code == 200


def test_a_session_id_brought_along_is_never_taken_over(service: Service) -> None:
    with service.browser(JANE) as browser:
        browser.cookies.set("sidecar_session", "chosen-by-somebody-else", domain="127.0.0.1", path="/sidecar")
        answer = browser.get("/sign-in")
        new = answer.cookies["sidecar_session"]
    assert new != "chosen-by-somebody-else"
    with service.browser() as attacker:
        attacker.cookies.set("sidecar_session", "chosen-by-somebody-else", domain="127.0.0.1", path="/sidecar")
        assert attacker.get("/").status_code == 303


def test_signing_in_again_ends_the_session_before(service: Service) -> None:
    with service.signed_in(JANE) as browser, service.browser() as thief:
        thief.cookies.set("sidecar_session", session_cookie(browser) or "", domain="127.0.0.1", path="/sidecar")
        assert thief.get("/").status_code == 200
        browser.get("/sign-in")
        assert thief.get("/").status_code == 303
        assert browser.get("/").status_code == 200


def test_the_database_holds_nothing_that_opens_a_session(service: Service) -> None:
    with service.signed_in(JANE) as browser, service.database.reading() as connection:
        token = session_cookie(browser)
        rows = str(connection.execute(web_sessions.select()).all())
        assert token
        assert token not in rows


@pytest.mark.parametrize(
    "target",
    [
        *("https://evil.example/", "//evil.example", "/sidecar//evil", "/api/v1", "/sidecar/\\e", "/sidecar/%5Ce"),
        *("/sidecar/../x", "/sidecar/%2e%2e/x", "/sidecar/.%2E/x", "/sidecar/./missed", "/sidecar/%2F/evil.example"),
        *("/sidecar/missed/..", "/sidecar/x\n", "/sidecar/sign-out", "/sidecar/%73ign-out"),
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(service: Service, target: str) -> None:
    with service.browser(JANE) as browser:
        answer = browser.get("/sign-in", params={"next": target})
        assert answer.headers["Location"] == "/sidecar/"


@BY_OAUTH
def test_elsewhere_zammad_is_asked_as_oauth2_provider(service: Service) -> None:
    with service.browser() as browser:
        answer = oauth_round(service, browser, JANE)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/sidecar/missed")
        assert "Jane Doe" in browser.get("/missed").text


@BY_OAUTH
@pytest.mark.parametrize("page", ["/sidecar/?q=a%7Cb|c", "/sidecar/missed?since=2026-01-01", "/sidecar/calls/7"])
def test_any_page_is_come_back_to(service: Service, page: str) -> None:
    with service.browser() as browser:
        assert unquote(oauth_round(service, browser, JANE, page).headers["Location"]) == unquote(page)


@BY_OAUTH
def test_whoever_was_not_signed_in_to_zammad_is_told_and_comes_back_to_the_wanted_page(service: Service) -> None:
    with service.browser() as browser:
        browser.get(
            "/sign-in", params={"next": "/sidecar/missed"}
        )  # Zammad shows its own sign-in, and nobody comes back
        page = browser.get("/", follow_redirects=True)
        assert (page.status_code, page.url.path) == (401, "/sidecar/sign-in")
        assert "First sign in to Zammad" in page.text
        again = page.text.split('class="button strong" href="')[1].split('"')[0]
        to_zammad = browser.get(unescape(again).removeprefix("/sidecar"))
        zammad = httpx.get(
            to_zammad.headers["Location"],
            cookies={ZAMMAD_COOKIE: service.sim.log_in(JANE)},
            trust_env=False,
            verify=authorities(),
        )
        assert browser.get(zammad.headers["Location"]).headers["Location"] == "/sidecar/missed"


@BY_OAUTH
@pytest.mark.parametrize("forged", ["state|verifier|/sidecar/missed", "", "gAAAAA", "ü"])
def test_an_attempt_that_was_not_made_here_is_none(service: Service, forged: str) -> None:
    with service.browser() as browser:
        headers = httpx.Headers([(b"Cookie", f"sidecar_sign_in={forged}".encode())])
        answer = browser.get("/sign-in/done", params={"state": "state", "code": "code"}, headers=headers)
        assert (answer.status_code, session_cookie(browser)) == (400, None)


def test_invented_cookies_are_soon_not_asked_about_any_more(service: Service) -> None:
    with service.browser() as browser:
        browser.cookies.set(ZAMMAD_COOKIE, "0" * 32, domain="127.0.0.1")
        answers = [browser.get("/sign-in").status_code for _ in range(OF_ONE_ADDRESS)]
        assert answers == [401] * OF_ONE_ADDRESS
        further = (browser.get("/sign-in").status_code for _ in range(2 * OF_ONE_ADDRESS))
        assert 429 in further, "a few more are let through while time passes"


@BY_OAUTH
def test_a_code_from_another_browser_is_refused(service: Service) -> None:
    with service.browser() as browser, service.browser() as victim:
        to_zammad = browser.get("/sign-in")
        zammad = httpx.get(
            to_zammad.headers["Location"],
            cookies={ZAMMAD_COOKIE: service.sim.log_in(JANE)},
            trust_env=False,
            verify=authorities(),
        )
        victim.get("/sign-in")
        answer = victim.get(zammad.headers["Location"])
        assert (answer.status_code, session_cookie(victim)) == (400, None)


@BY_OAUTH
def test_a_code_serves_once(service: Service) -> None:
    with service.browser() as browser:
        to_zammad = browser.get("/sign-in")
        zammad = httpx.get(
            to_zammad.headers["Location"],
            cookies={ZAMMAD_COOKIE: service.sim.log_in(JANE)},
            trust_env=False,
            verify=authorities(),
        )
        attempt = dict(browser.cookies)
        assert browser.get(zammad.headers["Location"]).status_code == 303
        with service.browser() as again:
            again.cookies.update(attempt)
            assert again.get(zammad.headers["Location"]).status_code == 403


@BY_OAUTH
def test_the_grant_is_refreshed_before_it_ends_and_revoked_when_signing_out(service: Service) -> None:
    with service.browser() as browser:
        oauth_round(service, browser, JANE)
        first = set(service.sim.oauth._access)
        service.later += 3500  # within the session of an hour, but not within what is left of the token's two
        assert browser.get("/").status_code == 200
        assert set(service.sim.oauth._access) == first
        csrf = browser.get("/").text.split('name="csrf" value="')[1].split('"')[0]
        headers = {"Origin": service.url.removesuffix("/sidecar")}
        assert browser.post("/sign-out", data={"csrf": csrf}, headers=headers).status_code == 303
        assert not service.sim.oauth._access
        assert not service.sim.oauth._refresh


@pytest.mark.parametrize("wanted", [Wanted(oauth=True, session_seconds=20_000)])
def test_a_grant_taken_back_in_zammad_ends_the_session(service: Service) -> None:
    with service.browser() as browser:
        oauth_round(service, browser, JANE)
        before = set(service.sim.oauth._refresh)
        service.later += 6500
        assert browser.get("/").status_code == 200
        assert set(service.sim.oauth._refresh) != before  # was refreshed
        service.sim.oauth._access.clear()
        service.sim.oauth._refresh.clear()
        service.later += 601
        assert browser.get("/").status_code == 303


def test_whoever_signed_out_is_not_signed_in_again_by_itself(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        csrf = browser.get("/").text.split('name="csrf" value="')[1].split('"')[0]
        headers = {"Origin": service.url.removesuffix("/sidecar")}
        browser.post("/sign-out", data={"csrf": csrf}, headers=headers)
        assert browser.get("/sign-in").status_code == 401
        assert browser.get("/", follow_redirects=True).url.path == "/sidecar/sign-in"
        assert browser.get("/sign-in?again=1").status_code == 303
