"""The set-up that every test of `check` spoils in its own way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from sidecar.hooks.tokens import HookTokens
from sidecar.store.database import Database
from sidecar.store.replicas.snapshots import save_snapshot
from sidecar.sync.kept import SETTINGS, TOKENS
from tests.sidecar.check.patient import PAGE, Patient, door, served
from tests.sidecar.store.journal.hook_rows import NEW_CALL, keep
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator()
    sim.settings["sipgate_config"] = dict(PAGE)
    return sim


@pytest.fixture
def database_in_use(sqlite_url: str, sim: Simulator) -> str:
    """As `serve` leaves it: Zammad's settings read, a hook journalled a moment ago."""
    database = Database(sqlite_url)
    with database.writing() as connection:
        save_snapshot(connection, SETTINGS, {}, time.time())
        save_snapshot(connection, TOKENS, asdict(HookTokens(current=sim.sipgate_token)), time.time())
    keep(database, replace(NEW_CALL, received_at=time.time()))
    database.close()
    return sqlite_url


@pytest.fixture
def patient(
    sim: Simulator,
    database_in_use: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Patient]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIDECAR_CONFIG", raising=False)
    with running(sim) as zammad_url, served(door(sim.sipgate_token)) as public_url:
        environment = {
            "ZAMMAD__URL": zammad_url,
            "ZAMMAD__TOKEN": sim.tokens.service,
            "SERVER__PUBLIC_URL": public_url,
            "SERVER__PORT": public_url.rpartition(":")[2],
            "DATABASE__URL": database_in_use,
        }
        yield Patient(sim=sim, environment=environment, capsys=capsys, monkeypatch=monkeypatch)
