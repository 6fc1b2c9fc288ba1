"""The admin pages: for admins alone, without any token, and what stands on each of them."""

from __future__ import annotations

import re

import pytest

from sidecar.store.calls.hook_search import find_hooks
from sidecar.store.journal.hooks import recent_hooks
from sidecar.store.pages.audit import latest_deeds
from tests.sidecar.web.admin.admins import ADMIN, JANE, PAGES, desk_of

pytestmark = pytest.mark.anyio

CHANGES = (
    "/agents/assign",
    "/agents/remove",
    "/deliveries/retry",
    "/deliveries/1/retry",
    "/deliveries/1/discard",
    "/simulate/play",
    "/sessions/x/end",
)


async def test_an_agent_reaches_none_of_them(sqlite_url: str) -> None:
    async with desk_of(JANE, sqlite_url) as desk:
        for path in PAGES:
            assert (await desk.browser.get(f"/sidecar/admin{path}")).status_code == 403, path
        for path in CHANGES:
            assert (await desk.change(path)).status_code == 403, path
        assert "/sidecar/admin" not in (await desk.browser.get("/sidecar/")).text


async def test_no_change_is_taken_without_the_token_of_the_session(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        for path in CHANGES:
            answer = await desk.browser.post(f"/sidecar/admin{path}", headers={"Origin": "http://localhost"})
            assert answer.status_code == 403, path


async def test_no_page_shows_a_token_nor_scripts_of_its_own(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        await desk.service.call("1")
        await desk.until_shown("/hooks/1", "row in Zammad")
        secrets = [desk.sim.tokens.service, desk.sim.sipgate_token, str(desk.sim.settings["cti_token"])]
        for path in PAGES:
            for language in ("en", "de"):
                answer = await desk.browser.get(f"/sidecar/admin{path}", headers={"Accept-Language": language})
                assert answer.status_code == 200, path
                assert not [secret for secret in secrets if secret in answer.text], path
                assert not re.search(r"<script(?![^>]*src=)|<\w[^>]*\s(?:on\w+|style)=", answer.text), path
                assert "unsafe" not in answer.headers["Content-Security-Policy"]


async def test_health_tells_readiness_at_once_and_findings_when_they_are_there(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        page = await desk.page("/health")
        assert "Ready" in page
        assert 'hx-get="/sidecar/admin/check" hx-trigger="load"' in page
        findings = await desk.page("/check", part=True)
        assert "<html" not in findings
        assert "agent Jane Doe" in findings
        assert "Problems:" in findings
        assert await desk.page("/check", part=True) == findings  # looked once


async def test_a_hook_is_found_by_any_spelling_of_a_number_and_by_its_call(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        await desk.service.call("first-call", caller="49301234567")
        await desk.service.call("other-call", caller="4989555666")
        for wanted in ("030 1234567", "+49 (0)30 / 123 45 67", "0049301234567", "first-call", "first-"):
            page = (await desk.browser.get("/sidecar/admin/hooks", params={"q": wanted})).text
            assert re.findall(r"/admin/hooks/(\d+)", page) == ["3", "2", "1"], wanted
        nothing = (await desk.browser.get("/sidecar/admin/hooks", params={"q": "\0'%_"})).text
        assert "/admin/hooks/1" not in nothing
        both = (await desk.browser.get("/sidecar/admin/hooks", params={"q": "030 600001"})).text
        assert len(re.findall(r"/admin/hooks/(\d+)", both)) == 6


async def test_a_hook_tells_its_form_answer_decision_and_what_became_of_the_call(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        await desk.service.call("<b>x", caller="4989000111", user="<script>")
        page = await desk.until_shown("/hooks/1", "Jane Doe")
        for text in ("&lt;script&gt;", "blocked", "Reject", "userId%5B%5D", "&lt;b&gt;x"):
            assert text in page, text
        assert "<script>" not in page
        assert (await desk.browser.get("/sidecar/admin/hooks/999999999999999999999")).status_code == 404


async def test_the_list_of_hooks_goes_on(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        for number in range(20):
            await desk.service.call(f"call-{number}")
        first = await desk.page("/hooks")
        older = re.findall(r"\?before=(\d+)", first)
        assert older == ["11"]
        rest = await desk.page("/hooks?before=11")
        assert len(re.findall(r"/admin/hooks/(\d+)", rest)) == 10


async def test_rows_that_were_not_understood_are_listed(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        desk.sim.settings["sipgate_config"] = {"inbound": {"block_caller_ids": [{"caller_id": "rubbish"}]}}
        page = await desk.until_shown("/sync", "rubbish")
        assert "block list row 1" in page
        assert "Settings" in page


async def test_the_end_of_a_session_is_in_the_audit(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        answer = await desk.change("/sessions/unknown/end")
        assert answer.status_code == 303
        assert "Session ended" not in await desk.page("/audit")
        sessions = await desk.page("/sessions")
        assert "this one" in sessions


async def test_both_databases_find_hooks_and_keep_the_audit(database_url: str) -> None:
    async with desk_of(ADMIN, database_url) as desk:
        await desk.service.call("x")
        await desk.change("/simulate/play", scenario="missed")
        database = desk.service.sidecar.database
        with database.reading() as connection:
            assert len(find_hooks(connection, "030/1234567", country="DE")) == 3
            assert len(recent_hooks(connection)) >= 4
            (deed,) = latest_deeds(connection)
        assert (deed.user_id, deed.what) == (ADMIN, "call_simulated")


async def test_the_addresses_for_sipgate_are_shown_to_admins_who_ask_for_them(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        page = await desk.page("/start?urls=1")
        token = desk.sim.sipgate_token
    assert f"/api/v1/sipgate/{token}/in<" in page
    assert f"/api/v1/sipgate/{token}/out<" in page
