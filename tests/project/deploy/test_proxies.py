"""The files of deploy/ for nginx, Apache, Caddy and HAProxy, each in the real one before a sidecar and a Zammad."""

from __future__ import annotations

import re
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import anyio
import httpx
import pytest

from sidecar.store.database import Database
from sidecar.store.journal.hooks import recent_hooks
from tests.machine import needs_apache, needs_caddy, needs_haproxy, needs_nginx
from tests.process import HOST, ServedProcess, free_port
from tests.project.deploy.proxies import PROXIES, Place, logs_of, serving, until_it_listens
from tests.service import environ_of, prepared
from tests.waiting import PATIENCE
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
ELSEWHERE = "127.0.0.2"  # another address of this machine
CALLER = "491522343999"
KEY = "0123456789abcdefghijklmn"  # of a board that there is not: its address is as secret
BOARD = f"/sidecar/board/{KEY}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def browser(port: int) -> httpx.AsyncClient:
    transport = httpx.AsyncHTTPTransport(local_address=ELSEWHERE)
    return httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}:{port}", timeout=PATIENCE)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("nginx", marks=needs_nginx),
        pytest.param("Apache", marks=needs_apache),
        pytest.param("Caddy", marks=needs_caddy),
        pytest.param("HAProxy", marks=needs_haproxy),
    ],
)
async def test_a_real_proxy_with_its_file(name: str, sqlite_url: str, tmp_path: Path) -> None:
    sim, folder = prepared(Simulator()), tmp_path / "proxy"
    folder.mkdir()
    with running(sim) as zammad_url:
        public = free_port()
        served = ServedProcess(
            environ_of(sim, zammad_url, sqlite_url, SIDECAR_SERVER__PUBLIC_URL=f"http://{HOST}:{public}"), tmp_path
        )
        place = Place(folder=folder, port=public, sidecar=served.port, zammad=int(zammad_url.rpartition(":")[2]))
        served.start()
        with serving(PROXIES[name], place):
            async with browser(public) as client:
                await until_it_listens(client, place)
                await zammad_is_behind_it(client, sim)
                await a_page_and_its_stream(client, sim)
                assert (await client.get(BOARD)).status_code == 404
            served.kill()
            async with browser(public) as client:
                assert (await client.post(hook_path(sim), data=hook("c-late"))).status_code >= 500
                assert (await client.get(BOARD)).status_code >= 500
    with closing(Database(sqlite_url)) as database, database.reading() as connection:
        kept = {each.call_id: each.source for each in recent_hooks(connection, limit=10)}
    assert kept == {"c-1": ELSEWHERE}
    assert "/api/v1/sipgate/..." in logs_of(place)
    assert "/sidecar/board/..." in logs_of(place)
    assert sim.sipgate_token not in logs_of(place)
    assert KEY not in logs_of(place)


def hook_path(sim: Simulator) -> str:
    return f"/api/v1/sipgate/{sim.sipgate_token}/in"


def stream_of(page: str) -> str:
    (address,) = re.findall(r'sse-connect="([^"]+)"', page)
    return unescape(address)


def hook(call_id: str) -> dict[str, str]:
    return {"event": "newCall", "direction": "in", "callId": call_id, "from": CALLER, "to": "4930600001"}


async def zammad_is_behind_it(client: httpx.AsyncClient, sim: Simulator) -> None:
    headers = {"Authorization": f"Token token={sim.tokens.service}"}
    assert (await client.get("/api/v1/users/me", headers=headers)).json()["id"] == 9
    for path in ("/metrics", "/readyz"):
        assert "sidecar_" not in (await client.get(path)).text
        assert "checks" not in (await client.get(path)).text


async def a_page_and_its_stream(client: httpx.AsyncClient, sim: Simulator) -> None:
    """Signed in with Zammad's own cookie; the hook of a call reaches the open page while the stream goes on."""
    await client.get("/sim/login", params={"user": "4"})
    page = await client.get("/sidecar/sign-in", follow_redirects=True)
    assert page.status_code == 200, (client.cookies, page.history, page.text)
    async with client.stream("GET", stream_of(page.text), headers={"Accept": "text/event-stream"}) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        heard = stream.aiter_text()
        answer = await client.post(
            hook_path(sim), content=urlencode(hook("c-1")), headers={**FORM, "X-Forwarded-For": "10.1.2.3"}
        )
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
        with anyio.fail_after(PATIENCE):
            text = ""
            while "event: call" not in text:
                text += await anext(heard)
