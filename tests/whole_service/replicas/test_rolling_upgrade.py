"""`serve` on a database that a newer release has already brought up."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import httpx
import pytest

from sidecar.store.database import Database
from sidecar.store.journal.hooks import recent_hooks
from sidecar.store.migrations import known_schema, upgrade
from tests.process import command
from tests.service import environ_of, prepared
from tests.sidecar.store.migrations.releases import next_release
from tests.whole_service.replicas.fleet import fleet_of
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio


def bring_up(database: Database, folder: Path, *, oldest: int) -> None:
    upgrade(database, next_release(folder, oldest=oldest))


async def test_the_previous_release_starts_and_works_on_a_newer_compatible_database(
    postgres_url: str, tmp_path: Path
) -> None:
    sim = prepared(Simulator())
    with closing(Database(postgres_url)) as database:
        bring_up(database, tmp_path, oldest=known_schema())
        with (
            running(sim) as zammad_url,
            fleet_of(1, zammad_url=zammad_url, database_url=postgres_url, sim=sim, folder=tmp_path) as fleet,
        ):
            hook = {"event": "newCall", "callId": "c-1", "from": "49301234567", "to": "4930600001"}
            async with httpx.AsyncClient(trust_env=False) as client:
                answer = await client.post(fleet.hook_url(fleet.replicas[0]), data=hook)
        kept = await database.read(recent_hooks)
    assert answer.status_code == 200
    assert [row.call_id for row in kept] == ["c-1"]


def test_a_database_that_needs_a_newer_release_is_refused_in_one_line(sqlite_url: str, tmp_path: Path) -> None:
    with closing(Database(sqlite_url)) as database:
        bring_up(database, tmp_path, oldest=known_schema() + 1)
    environ = environ_of(Simulator(), "http://127.0.0.1:9", sqlite_url)
    done = command(environ, tmp_path, "serve")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "install the newer release again" in line
