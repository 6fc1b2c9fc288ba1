"""A set-up in which everything is right, to be spoilt by one fault at a time, and what `check` says of it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sidecar.cli import run
from sidecar.hooks.door import HookDoor, hooks_first
from sidecar.hooks.signature import signature_checker
from sidecar.hooks.tokens import HookTokens
from sidecar.metrics import Metrics
from sidecar.web.live.event_stream import trickle
from tests.sidecar.hooks.hook_door import ListJournal
from zammad_client.simulator import Simulator
from zammad_client.simulator.listener import Listener

Findings = list[dict[str, Any]]
PAGE: Mapping[str, Any] = {
    "outbound": {"default_caller_id": "", "routing_table": []},
    "inbound": {"block_caller_ids": []},
    "user_remote_map": [{"remote_user_id": "w0", "user_id": "jane@example.com"}],
    "view_limit": 60,
}


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The URL of an application on a free port, served from a thread."""
    listener = Listener(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, server_header=False))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listener.start(listening)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listener.stop()


async def _stream(_request: Request) -> Response:
    return trickle()


def door(token: str | None) -> ASGIApp:
    """The hook path of a sidecar that knows this token, and of its pages the one by which streams are tried."""
    hook_door = HookDoor(
        tokens=lambda: HookTokens(current=token),
        rules=lambda: None,
        signatures=signature_checker(),
        signature_mode="report",
        journal=ListJournal(),
        public_url=lambda: "https://zammad.example.com",
        metrics=Metrics(),
    )
    return hooks_first(hook_door, Starlette(routes=[Route("/sidecar/trickle", _stream)]))


@dataclass(slots=True, kw_only=True)
class Patient:
    """`environment` are the sidecar's settings; `exit_code` and `shown` are those of the last check."""

    sim: Simulator
    environment: dict[str, str]
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    exit_code: int | None = None
    shown: str = ""
    secrets: set[str] = field(default_factory=set)

    def set_page(self, **sections: Any) -> None:
        """What an admin saves on the sipgate.io page."""
        self.sim.settings["sipgate_config"] = {**PAGE, **sections}

    def check(self, *options: str, **environment: str) -> Findings:
        """What `check --json` finds; no token is in its words."""
        shown = self.run("--json", *options, **environment)
        self.secrets |= {self.sim.tokens.service, self.sim.cti_token, self.sim.sipgate_token}
        assert not [secret for secret in self.secrets if secret and secret in shown]
        return [json.loads(line) for line in shown.splitlines()]

    def run(self, *options: str, **environment: str) -> str:
        for name, value in {**self.environment, **environment}.items():
            self.monkeypatch.setenv(f"SIDECAR_{name}", value)
        self.exit_code = run(["check", *options])
        self.shown = self.capsys.readouterr().out
        return self.shown

    def troubles(self, **environment: str) -> Findings:
        """Whatever is not right, but for what no test on one machine can have: a public address with https."""
        found = self.check(**environment)
        return [each for each in found if each["level"] != "ok" and not _of_this_machine(each)]


def _of_this_machine(finding: Mapping[str, Any]) -> bool:
    return str(finding["what"]).endswith(("is not https", "is an address of the own network"))
