"""The whole sidecar in this process, beside a simulated Zammad, driven like sipgate drives it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from sqlalchemy import make_url

from sidecar.app import Sidecar
from sidecar.config import load
from tests.places import ROOT
from tests.waiting import until
from zammad_client.simulator import Simulator

FORM = "application/x-www-form-urlencoded; charset=UTF-8"
AGENTS = [{"remote_user_id": "w0", "user_id": "4"}, {"remote_user_id": "w1", "user_id": "max@example.com"}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running sidecar and the telephone system that talks to it."""

    sidecar: Sidecar
    client: httpx.AsyncClient
    token: str

    async def hook(self, direction: str = "in", **fields: str) -> httpx.Response:
        """In the database as well when it returns: the answer comes a little sooner."""
        answer = await self.post(urlencode(fields).encode(), direction=direction)
        await until(lambda: self.sidecar._hook_path.waiting == 0)
        return answer

    async def post(self, body: bytes, *, direction: str = "in", content_type: str = FORM) -> httpx.Response:
        path = f"/api/v1/sipgate/{self.token}/{direction or 'in'}"
        return await self.client.post(path, content=body, headers={"Content-Type": content_type})

    async def call(self, call_id: str, *, caller: str = "49301234567", user_id: str = "w0", user: str = "Jane") -> None:
        """Rings, is answered, ends."""
        about = {"callId": call_id, "from": caller, "to": "4930600001", "direction": "in"}
        await self.hook(event="newCall", **about, **{"user[]": user, "userId[]": user_id})
        await self.hook(event="answer", **about, user=user, userId=user_id)
        await self.hook(event="hangup", **about, cause="normalClearing")


def prepared(sim: Simulator, **config: object) -> Simulator:
    """With an agent map and a block list, as an admin would have set them."""
    sim.settings["sipgate_config"] = {
        "outbound": {"routing_table": [{"dest": "41*", "caller_id": "41715880339000", "note": "CH"}]},
        "inbound": {"block_caller_ids": [{"caller_id": "4989*", "note": "spam"}]},
        "user_remote_map": AGENTS,
        "view_limit": 60,
        **config,
    }
    return sim


def journal_beside(database_url: str) -> dict[str, str]:
    """SQLite's lies beside its file by itself; PostgreSQL's would lie in the folder that tests are started in."""
    if not database_url.startswith("postgresql"):
        return {}
    folder = str(make_url(database_url).query["host"])
    return {"SIDECAR_DATABASE__JOURNAL": str(Path(folder, f"journal-{uuid4().hex}.db"))}


def environ_of(sim: Simulator, zammad_url: str, database_url: str, **more: str) -> dict[str, str]:
    """As an admin would set it for this Zammad; short intervals, so that nothing has to be waited for long."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SIDECAR_ZAMMAD__URL": zammad_url,
        "SIDECAR_ZAMMAD__TOKEN": sim.tokens.service,
        "SIDECAR_ZAMMAD__TIMEOUT": "2",
        "SIDECAR_DATABASE__URL": database_url,
        **journal_beside(database_url),
        "SIDECAR_SYNC__SETTINGS_EVERY": "0.5",
        "SIDECAR_SYNC__CHANGES_EVERY": "0.5",
        "SIDECAR_SYNC__PAUSE": "0",
        "SIDECAR_DELIVERY__RATE": "1000",
        **more,
    }


@asynccontextmanager
async def serving(
    url: str,
    database_url: str,
    sim: Simulator,
    environ: Mapping[str, str] | None = None,
    *,
    clock: Callable[[], float] | None = None,
) -> AsyncIterator[Service]:
    sidecar = Sidecar(load(None, environ_of(sim, url, database_url, **(environ or {}))), clock=clock)
    transport = httpx.ASGITransport(app=sidecar.app)
    async with sidecar.running(), httpx.AsyncClient(transport=transport, base_url="http://sidecar.test") as client:
        yield Service(sidecar=sidecar, client=client, token=sim.sipgate_token)


async def until_ready(service: Service) -> None:
    async def is_ready() -> bool:
        return (await service.client.get("/readyz")).is_success

    await until(is_ready)
