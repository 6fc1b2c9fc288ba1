"""sipgate's own interface within the running service: what a filled call becomes, and what it never is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sidecar.sipgate.gaps import Progress, kept_progress
from sidecar.store.calls.tables import conversations
from sidecar.store.database import Connection
from sidecar.store.replicas.snapshots import save_snapshot
from sipgate_client.simulator import SimulatedSipgate, seeds
from sipgate_client.simulator.server import running
from tests.service import Service, prepared, serving, until_ready
from tests.waiting import until
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running as running_zammad

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def office(sipgate: SimulatedSipgate, sim: Simulator, database_url: str) -> AsyncIterator[Service]:
    with running(sipgate) as url, running_zammad(sim) as zammad_url:
        environ = {
            "SIDECAR_SIPGATE__API__URL": url,
            "SIDECAR_SIPGATE__API__TOKEN_ID": sipgate.token_id,
            "SIDECAR_SIPGATE__API__TOKEN": sipgate.token,
        }
        async with serving(zammad_url, database_url, sim, environ) as service:
            await until_ready(service)
            await until(lambda: service.sidecar.database.read(kept_progress))  # the first look is over
            yield service


def _count(connection: Connection) -> int:
    return int(connection.scalar(select(func.count()).select_from(conversations)) or 0)


async def test_a_filled_call_has_its_row_in_zammad_and_no_dialog(sqlite_url: str) -> None:
    sipgate, sim = SimulatedSipgate(), prepared(Simulator())
    async with office(sipgate, sim, sqlite_url) as service:
        database = service.sidecar.database
        now = datetime.now(UTC)
        sipgate.add_call(created=(now - timedelta(minutes=30)).isoformat(), duration=60)
        begun = Progress(until=now.timestamp() - 3600.0, deep_at=now.timestamp())
        await database.write(lambda connection: save_snapshot(connection, "note: sipgate history", _as(begun), 0.0))
        await service.sidecar._sipgate.fill_gaps()
        await until(lambda: [row for row in sim.call_log if row["state"] == "hangup"])
        await service.sidecar._sipgate.fill_gaps()
        assert await database.read(_count) == 1
        assert sim.opened == []
        progress = await database.read(kept_progress)
        assert progress is not None
        assert progress.until > begun.until
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    kept = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    assert kept
    assert not [secret for secret in (sipgate.token, seeds.PASSWORD) if secret.encode() in kept]


def _as(progress: Progress) -> dict[str, float]:
    return {"until": progress.until, "deep_at": progress.deep_at}
