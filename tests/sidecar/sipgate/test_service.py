"""sipgate's own interface within the running service: what a filled call becomes, and what it never is."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData, func, make_url, select

from sidecar.sipgate.gaps import Progress, kept_progress
from sidecar.store.calls.tables import conversations
from sidecar.store.calls.voicemails import voicemail_of
from sidecar.store.database import Connection
from sidecar.store.replicas.snapshots import save_snapshot
from sipgate_client.simulator import SimulatedSipgate, seeds
from sipgate_client.simulator.server import running
from tests.service import Service, prepared, serving, until_ready
from tests.sidecar.web.admin.admins import ADMIN, HERE, PAGES, Desk, desk_of
from tests.waiting import until
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running as running_zammad

pytestmark = pytest.mark.anyio
ASKED = "/dial?number=%2B491713920010"


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


def _everything_in(connection: Connection) -> str:
    tables = MetaData()
    tables.reflect(connection)
    return "".join(str(tuple(row)) for table in tables.sorted_tables for row in connection.execute(select(table)))


async def test_after_a_full_run_no_secret_of_sipgates_is_kept_logged_or_shown(
    database_url: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sipgate = SimulatedSipgate()
    sipgate.users[0] |= {"id": "w7"}
    sipgate.devices["w7"] = sipgate.devices["w0"]
    with running(sipgate) as url:
        environ = {
            "SIDECAR_SIPGATE__API__URL": url,
            "SIDECAR_SIPGATE__API__TOKEN_ID": sipgate.token_id,
            "SIDECAR_SIPGATE__API__TOKEN": sipgate.token,
            "SIDECAR_TICKETS__VOICEMAIL": "true",
        }
        sim = prepared(Simulator(), user_remote_map=[{"remote_user_id": "w1", "user_id": str(ADMIN)}])
        async with desk_of(ADMIN, database_url, sim=sim, **environ) as desk:
            database, side = desk.service.sidecar.database, desk.service.sidecar._sipgate
            await until(lambda: database.read(kept_progress))
            now = datetime.now(UTC)
            missed = {"callStatus": "MISSED", "endpoints": [], "duration": 0}
            sipgate.add_call(created=(now - timedelta(minutes=30)).isoformat(), **missed)
            left = (now - timedelta(minutes=29, seconds=30)).isoformat()
            sipgate.add_voicemail(created=left, base_url=url.removesuffix("/v2"))
            begun = Progress(until=now.timestamp() - 3600.0, deep_at=now.timestamp())
            await database.write(lambda connection: save_snapshot(connection, "note: sipgate history", _as(begun), 0.0))
            await side.fill_gaps()
            await until(lambda: database.read(lambda connection: voicemail_of(connection, 1)))
            played = await desk.browser.get("/sidecar/calls/1/voicemail")
            assert played.content == b"ID3"
            assert "Nina Braun" in await desk.page("/agents"), "a suggestion"
            await desk.until_shown("/check", "sipgate", part=True)
            dialled = await _dial(desk)
            paths = ("/", "/calls/1", "/missed", ASKED, dialled, *(f"/admin{each}" for each in PAGES))
            pages = [(await desk.browser.get(f"/sidecar{path}")).text for path in paths]
            pages += [str(part) for part in played.headers.multi_items()]
            pages += [await desk.page(path, part=True) for path in ("/check", "/agents", "/health")]
            kept = await database.read(_everything_in) + _files(database_url)
    assert [request for request in sipgate.requests if request.path.startswith("/recordings/")]
    assert sipgate.calls, "a telephone rang"
    kept += _files(database_url)
    said = "".join((*capfd.readouterr(), caplog.text))
    basic = sipgate.authorization.removeprefix("Basic ")
    for secret in (sipgate.token, basic, seeds.PASSWORD, "secret-"):
        assert not [place for place in (kept, said, *pages) if secret in place], secret


async def _dial(desk: Desk) -> str:
    """Where the page says what became of it."""
    form = (await desk.browser.get(f"/sidecar{ASKED}")).text.partition('action="/sidecar/dial"')[2]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    answer = await desk.browser.post("/sidecar/dial", data={**fields, "phone": "e1"}, headers={"Origin": HERE})
    return str(answer.headers["Location"]).removeprefix("/sidecar")


def _files(database_url: str) -> str:
    """All that lies beside the database, journals and logs of changes included; while it runs and afterwards."""
    if not database_url.startswith("sqlite"):
        folder, names = Path(str(make_url(database_url).query["host"])), "journal-*"
    else:
        folder, names = Path(database_url.removeprefix("sqlite:///")).parent, "*"
    found = [file for file in folder.glob(names) if file.is_file()]
    assert [file for file in found if "journal" in file.name], "hooks have a file of their own"
    return b"".join(file.read_bytes() for file in found).decode(errors="replace")


async def test_without_a_token_sipgate_is_never_asked(sqlite_url: str) -> None:
    """Whatever else is set."""
    sipgate = SimulatedSipgate()
    with running(sipgate) as url:
        environ = {"SIDECAR_SIPGATE__API__URL": url, "SIDECAR_TICKETS__VOICEMAIL": "true"}
        async with desk_of(ADMIN, sqlite_url, sim=prepared(Simulator()), **environ) as desk:
            await desk.service.call("c-1")
            side = desk.service.sidecar._sipgate
            await side.look_if_worth_it()
            await side.look()
            for path in ("/calls/1/voicemail", "/dial?number=030 1234567", *(f"/admin{each}" for each in PAGES)):
                await desk.browser.get(f"/sidecar{path}")
            assert await desk.page("/check", part=True)
            assert "sipgate" not in [job.name for job in desk.service.sidecar._jobs().all()]
    assert not sipgate.requests
