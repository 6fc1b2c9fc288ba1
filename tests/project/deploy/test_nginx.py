"""deploy/nginx.conf in a real nginx, in front of two replicas and a simulated Zammad."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import anyio
import httpx
import pytest

from sidecar.store.database import Database
from sidecar.store.journal.hooks import recent_hooks
from tests.machine import NGINX, needs_nginx
from tests.places import ROOT
from tests.process import HOST, free_port
from tests.service import prepared
from tests.waiting import PATIENCE
from tests.whole_service.replicas.fleet import Fleet, fleet_of
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

CONFIG = ROOT / "deploy" / "nginx.conf"
ELSEWHERE = "127.0.0.2"  # another address of this machine
AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/default.conf;
}}
"""

pytestmark = [pytest.mark.anyio, needs_nginx]


def written(folder: Path, *, port: int, sidecars: list[int], zammad: int) -> Path:
    """The configuration as it is, names and ports replaced by those of this machine."""
    text = CONFIG.read_text().replace("listen 80;", f"listen {HOST}:{port};").replace("/var/log/nginx", str(folder))
    for name, number in zip(("sidecar-1:8600", "sidecar-2:8600", "zammad:3000"), (*sidecars, zammad), strict=True):
        text = text.replace(name, f"{HOST}:{number}")
    (folder / "default.conf").write_text(text)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
    return folder / "nginx.conf"


@contextmanager
def serving(config: Path) -> Iterator[None]:
    process = subprocess.Popen([str(NGINX), "-p", config.parent, "-c", config], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


async def reachable(client: httpx.AsyncClient) -> None:
    with anyio.fail_after(PATIENCE):
        while True:
            try:
                await client.get("/")
            except httpx.TransportError:
                await anyio.sleep(0.02)
            else:
                return


def test_nginx_takes_the_file(tmp_path: Path) -> None:
    config = written(tmp_path, port=free_port(), sidecars=[free_port(), free_port()], zammad=free_port())
    done = subprocess.run([str(NGINX), "-t", "-p", tmp_path, "-c", config], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


async def test_hooks_go_to_the_replicas_and_all_else_to_zammad(postgres_url: str, tmp_path: Path) -> None:
    sim, port = prepared(Simulator()), free_port()
    with (
        running(sim) as zammad_url,
        fleet_of(2, zammad_url=zammad_url, database_url=postgres_url, sim=sim, folder=tmp_path) as fleet,
        serving(
            written(
                tmp_path,
                port=port,
                sidecars=[replica.port for replica in fleet.replicas],
                zammad=int(zammad_url.rpartition(":")[2]),
            )
        ),
    ):
        transport = httpx.AsyncHTTPTransport(local_address=ELSEWHERE)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}:{port}") as client:
            await reachable(client)
            await zammad_is_asked(client, sim)
            await a_burst_passes(client, fleet)
            sent = await hooks_while_one_replica_dies(client, fleet)
    with closing(Database(postgres_url)) as database, database.reading() as connection:
        kept = recent_hooks(connection, limit=500)
    assert sent <= {hook.call_id for hook in kept}
    assert {hook.source for hook in kept} == {ELSEWHERE}
    logs = (tmp_path / "access.log").read_text() + (tmp_path / "error.log").read_text()
    assert '"POST /api/v1/sipgate/.../in" 200' in logs
    assert fleet.token not in logs


async def zammad_is_asked(client: httpx.AsyncClient, sim: Simulator) -> None:
    headers = {"Authorization": f"Token token={sim.tokens.service}"}
    assert (await client.get("/api/v1/users/me", headers=headers)).json()["id"] == 9
    for path in ("/metrics", "/readyz"):
        assert "sidecar_" not in (await client.get(path)).text
        assert "checks" not in (await client.get(path)).text


async def a_burst_passes(client: httpx.AsyncClient, fleet: Fleet) -> None:
    """Everybody's phone rings: more at once than the rate of a second allows."""
    path = f"/api/v1/sipgate/{fleet.token}/in"
    hooks = [{"event": "newCall", "callId": f"burst-{number}", "from": "49301234567"} for number in range(300)]
    answers = await asyncio.gather(*(client.post(path, data=hook) for hook in hooks))
    assert {answer.status_code for answer in answers} == {200}


async def hooks_while_one_replica_dies(client: httpx.AsyncClient, fleet: Fleet) -> set[str]:
    """The calls; every hook is answered at once, the dead replica's by the other."""
    path = f"/api/v1/sipgate/{fleet.token}/in"
    sent = set()
    for number in range(60):
        if number == 20:
            fleet.replicas[0].kill()
        call_id = f"c-{number}"
        answer = await client.post(
            path,
            data={"event": "newCall", "callId": call_id, "from": "49301234567"},
            headers={"X-Forwarded-For": "10.1.2.3"},  # nobody says where they come from themselves
        )
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/xml"
        sent.add(call_id)
    return sent
