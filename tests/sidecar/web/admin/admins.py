"""The whole sidecar in this process, and an admin in front of its pages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import httpx

from tests.service import Service, prepared, serving, until_ready
from tests.sidecar.web.service import ZAMMAD_COOKIE
from tests.waiting import PATIENCE
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

ADMIN, JANE, MAX = 3, 4, 5
HERE = "http://localhost"
PAGES = (
    "/start",
    "/health",
    "/check",
    "/hooks",
    "/hooks/1",
    "/sync",
    "/agents",
    "/deliveries",
    "/simulate",
    "/sessions",
    "/audit",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Somebody's browser, and what stands behind the pages."""

    sim: Simulator
    service: Service
    browser: httpx.AsyncClient

    async def page(self, path: str, *, part: bool = False) -> str:
        answer = await self.browser.get(f"/sidecar/admin{path}", headers={"HX-Request": "true"} if part else {})
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.text

    async def change(self, path: str, **fields: str) -> httpx.Response:
        csrf = self.csrf_in((await self.browser.get("/sidecar/")).text)
        form = {"csrf": csrf, **fields}
        return await self.browser.post(f"/sidecar/admin{path}", data=form, headers={"Origin": HERE})

    @staticmethod
    def csrf_in(page: str) -> str:
        return str(re.findall(r'name="csrf" value="([^"]+)"', page)[0])

    async def until_shown(self, path: str, text: str, *, part: bool = False) -> str:
        with anyio.fail_after(PATIENCE):
            while text not in (page := await self.page(path, part=part)):
                await anyio.sleep(0.05)
        return page


@asynccontextmanager
async def desk_of(
    user_id: int, database_url: str, *, sim: Simulator | None = None, **environ: str
) -> AsyncIterator[Desk]:
    """`user_id` is signed in by Zammad's own cookie."""
    sim = sim or prepared(Simulator())
    environ = {"SIDECAR_ZAMMAD__TIMEOUT": str(PATIENCE), **environ}  # the only poll of some tests must not fail
    with running(sim) as zammad_url:
        async with serving(zammad_url, database_url, sim, environ) as service:
            await until_ready(service)
            transport = httpx.ASGITransport(app=service.sidecar.app)
            headers = {"Accept": "text/html", "Accept-Language": "en"}
            async with httpx.AsyncClient(transport=transport, base_url=HERE, headers=headers) as browser:
                browser.cookies.set(ZAMMAD_COOKIE, sim.log_in(user_id), domain="localhost.local")
                await service.sidecar._pages.rights.refresh()
                assert (await browser.get("/sidecar/sign-in")).status_code == httpx.codes.SEE_OTHER
                yield Desk(sim=sim, service=service, browser=browser)
