"""Click to call as an agent meets it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from sidecar.sipgate.people import kept_people
from sipgate_client.simulator import SimulatedSipgate
from sipgate_client.simulator.server import running
from tests.service import prepared
from tests.sidecar.web.admin.admins import HERE, JANE, Desk, desk_of
from tests.sipgate_client.accounts import environ_of_account
from tests.waiting import until
from zammad_client.simulator import Simulator

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def desk_with_sipgate(sipgate: SimulatedSipgate, database_url: str) -> AsyncIterator[Desk]:
    """Jane at her desk, sipgate's users read; she is w0."""
    with running(sipgate) as url:
        async with desk_of(JANE, database_url, sim=prepared(Simulator()), **environ_of_account(sipgate, url)) as desk:
            await until(lambda: desk.service.sidecar.database.read(kept_people))
            yield desk


async def page(desk: Desk, path: str) -> str:
    return (await desk.browser.get(f"/sidecar{path}")).text


async def press(desk: Desk, html: str, **fields: str) -> httpx.Response:
    """The button of the form on this page."""
    form = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html.partition('action="/sidecar/dial"')[2])
    )
    return await desk.browser.post("/sidecar/dial", data={**form, **fields}, headers={"Origin": HERE})


async def test_a_call_is_asked_for_once_however_often_the_form_is_sent(sqlite_url: str) -> None:
    sipgate = SimulatedSipgate()
    async with desk_with_sipgate(sipgate, sqlite_url) as desk:
        html = await page(desk, "/dial?number=%2B491713920010&ticket=12")
        assert not sipgate.calls, "opening the page dials nothing"
        assert "Nina desk" in html
        assert "Tom desk" not in html
        first = await press(desk, html, phone="e0")
        second = await press(desk, html, phone="e0")
        assert first.headers["Location"] == second.headers["Location"]
        assert [(call["device"], call["callee"]) for call in sipgate.calls] == [("e0", "+491713920010")]
        shown = (await desk.browser.get(first.headers["Location"])).text
        assert "Nina desk rings" in shown
        assert "ticket=12" in shown
        assert 'value="e0" selected' in await page(desk, "/dial?number=%2B491713920010"), "chosen once"
        session_id = sipgate.calls[0]["session_id"]
        about = {"callId": session_id, "from": "4930600001", "to": "491713920010"}
        await desk.service.hook(direction="out", event="newCall", **about, **{"user[]": "Jane", "userId[]": "w0"})
        await desk.service.hook(direction="out", event="hangup", **about, cause="cancel")
        found = re.compile(r"/sidecar/calls/(\d+)")
        await until(lambda: _found(desk, found))
        number = await _found(desk, found)
        assert "Dialled with a click." in await page(desk, f"/calls/{number}")


async def _found(desk: Desk, expression: re.Pattern[str]) -> str | None:
    match = expression.search(await page(desk, "/"))
    return match[1] if match else None


async def test_somebody_elses_telephone_is_not_rung(sqlite_url: str) -> None:
    sipgate = SimulatedSipgate()
    async with desk_with_sipgate(sipgate, sqlite_url) as desk:
        html = await page(desk, "/dial?number=030 1234567")
        answer = await press(desk, html, phone="e1")
        assert answer.status_code == httpx.codes.BAD_REQUEST
        assert "none of your telephones" in answer.text
        emergency = await page(desk, "/dial?number=112")
        assert "is an emergency number" in emergency
        assert (await press(desk, html, phone="e0", number="112")).status_code == httpx.codes.BAD_REQUEST
        assert not sipgate.calls
        await desk.service.call("c-1")
        await until(lambda: _found(desk, re.compile(r"(/sidecar/dial\?number=%2B49301234567)")))


async def test_without_a_token_a_number_is_a_link_for_the_browser(sqlite_url: str) -> None:
    async with desk_of(JANE, sqlite_url) as desk:
        html = await page(desk, "/dial?number=%2B491713920010")
        assert 'href="tel:+491713920010"' in html
        assert 'action="/sidecar/dial"' not in html
