"""The door to sipgate with stand-ins around it, over ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.types import ASGIApp

from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.events import CallEvent
from sidecar.hooks.door import HookDoor, hooks_first, no_call_is_known
from sidecar.hooks.signature import SignatureMode, signature_checker
from sidecar.hooks.tokens import HookTokens
from sidecar.metrics import Metrics
from sidecar.store.journal.rows import HookRow
from tests.sidecar.calls.rules.rule_settings import written_rules

TOKEN = "s3cret-token"
PUBLIC_URL = "https://zammad.example.com"
URL_IN = f"{PUBLIC_URL}/api/v1/sipgate/{TOKEN}/in"
LET_RING = f'<Response onAnswer="{URL_IN}" onHangup="{URL_IN}"/>'
NEW_CALL = "event=newCall&direction=in&callId=c-1&from=491715000000&to=4930600000"
NOW = 1_700_000_000.0


class ListJournal:
    """Keeps rows in memory; `fault` is raised instead, `durable` is what it says of each row."""

    def __init__(self, *, durable: bool = True, fault: Exception | None = None) -> None:
        self.rows: list[HookRow] = []
        self.durable = durable
        self.fault = fault

    async def record(self, row: HookRow) -> bool:
        if self.fault:
            raise self.fault
        self.rows.append(row)
        return self.durable


@dataclass(kw_only=True)
class Sidecar:
    """A door with its surroundings, to be changed before the first request."""

    tokens: HookTokens = field(default_factory=lambda: HookTokens(current=TOKEN))
    rules: Rules | None = field(default_factory=lambda: written_rules(block=[{"caller_id": "4989*", "note": "spam"}]))
    mode: SignatureMode = "report"
    journal: ListJournal = field(default_factory=ListJournal)
    metrics: Metrics = field(default_factory=Metrics)
    public_url: str = PUBLIC_URL
    known_call: Callable[[CallEvent], Awaitable[bool]] | None = None
    watchers: Sequence[Callable[[HookRow], None]] = ()
    broken_rules: Exception | None = None

    def current_rules(self) -> Rules | None:
        if self.broken_rules:
            raise self.broken_rules
        return self.rules

    def app(self) -> ASGIApp:
        door = HookDoor(
            tokens=lambda: self.tokens,
            rules=self.current_rules,
            signatures=signature_checker(),
            signature_mode=self.mode,
            journal=self.journal,
            public_url=lambda: self.public_url,
            metrics=self.metrics,
            known_call=self.known_call or no_call_is_known,
            watchers=self.watchers,
            clock=lambda: NOW,
        )
        return hooks_first(door, Starlette())

    async def request(self, method: str, path: str, **parts: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app(), client=("203.0.113.9", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://sidecar") as client:
            return await client.request(method, path, **parts)

    async def post(
        self, body: str | bytes = NEW_CALL, side: str = "in", *, token: str = TOKEN, **headers: str
    ) -> httpx.Response:
        sent = {"content-type": "application/x-www-form-urlencoded"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.request("POST", f"/api/v1/sipgate/{token}/{side}", content=body, headers=sent)

    def counted(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(f"sidecar_{name}", labels) or 0.0

    def hooks(self, outcome: str, event: str = "none", direction: str = "in") -> float:
        return self.counted("hooks_total", direction=direction, event=event, outcome=outcome)


def assert_xml(response: httpx.Response, xml: str = "<Response/>", status: int = 200) -> None:
    assert (response.status_code, response.text) == (status, xml)
    assert response.headers["content-type"] == "application/xml"
    assert response.headers["content-length"] == str(len(response.content))
    assert "content-encoding" not in response.headers
