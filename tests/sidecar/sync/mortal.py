"""The way to a Zammad that ends itself at a moment of the test's choice, and an installation on it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial

import anyio
import httpx

from sidecar.sync.installation import planned_steps
from sidecar.sync.setting_up import Patience, Restart, set_up
from zammad_client import Zammad
from zammad_client.simulator import Simulator

MIGRATION = "/api/v1/object_manager_attributes_execute_migrations"
SEARCH = "/api/v1/users/search"


def without_anything(version: str = "7.3") -> Simulator:
    """Nothing of ours is in it; it goes away by the test's word alone."""
    sim = Simulator(version=version, attributes=False)
    sim.settings["cti_integration"] = False
    sim.restarts.away = 0.0
    return sim


@dataclass(kw_only=True)
class Mortal(httpx.BaseTransport):
    """The way to a Zammad that is away for some seconds of its own clock, from a request on or after a migration."""

    newer: bool = True  # ends itself after a migration
    dies_at: int = 10**6  # the number of the request it does not survive
    carries_out: bool = False  # that request, without answering it
    away: float = 4.0
    until_it_goes: float = 4.0  # after a migration
    refuses: bool = True  # connections, while it is away; else a proxy says 502
    now: float = 0.0
    pace: float = 1.0  # of that clock: each pause that is waited for is so many times as long
    seen: int = 0
    gone_from: float = float("inf")
    sent: list[str] = field(default_factory=list)
    wire: httpx.BaseTransport = field(default_factory=httpx.HTTPTransport)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.gone_from <= self.now < self.gone_from + self.away:
            return self._nobody()
        self.seen += 1
        if self.seen == self.dies_at:
            self.gone_from = self.now
            if self.carries_out:
                answer = self._sent(request)
                answer.read()
                answer.close()
                raise httpx.ReadError("Connection reset by peer")
            return self._nobody()
        if request.url.path == SEARCH and "query" not in request.url.params:
            return _answer(request, 200, []) if self.newer else _answer(request, 500, {"error": "Error ID x"})
        return self._sent(request)

    def _sent(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request.url.path)
        if request.url.path == MIGRATION and self.newer:
            self.gone_from = self.now + self.until_it_goes
        return self.wire.handle_request(request)

    def close(self) -> None:
        self.wire.close()

    def _nobody(self) -> httpx.Response:
        if self.refuses:
            raise httpx.ConnectError("[Errno 111] Connection refused")
        return httpx.Response(502, stream=httpx.ByteStream(b"<html>Bad Gateway</html>"))

    async def sleep(self, seconds: float) -> None:
        self.now += seconds * self.pace

    @property
    def patience(self) -> Patience:
        return Patience(sleep=self.sleep, clock=lambda: self.now)


def _answer(request: httpx.Request, status: int, body: object) -> httpx.Response:
    return httpx.Response(status, stream=httpx.ByteStream(json.dumps(body).encode()), request=request)


@dataclass(kw_only=True)
class Place:
    """A Zammad without any of it."""

    sim: Simulator
    url: str
    migrations_noted: int = 0

    async def note_migration(self) -> None:
        self.migrations_noted += 1

    def install(self, mortal: Mortal) -> Restart:
        async def installed() -> Restart:
            zammad = Zammad(url=self.url, token=self.sim.tokens.service, transport=mortal)
            try:
                return await set_up(
                    zammad,
                    plan=partial(planned_steps, zammad),
                    patience=mortal.patience,
                    before_migration=self.note_migration,
                )
            finally:
                await zammad.aclose()

        return anyio.run(installed)

    def is_complete(self) -> bool:
        async def left() -> set[str]:
            zammad = Zammad(url=self.url, token=self.sim.tokens.service)
            try:
                return {str(step.state) for step in await planned_steps(zammad)}
            finally:
                await zammad.aclose()

        return anyio.run(left) == {"present"}
