"""The demo's set-up: a simulated Zammad and the sidecar, each on its own port, with a database that is thrown away."""

from __future__ import annotations

import os
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import uvicorn
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr

from sidecar.app import Sidecar
from sidecar.calls.reasons import because
from sidecar.codes.faults import Unshown
from sidecar.config import Settings, load
from sidecar.demo.account import begin_history, open_account
from sidecar.demo.company import open_company
from sidecar.errors import SidecarError
from sidecar.hooks.http import PREFIX
from sidecar.http.server import server_for
from sidecar.store.database import Database
from sidecar.store.migrations import upgrade
from sidecar.sync.standalone import standalone_synchronisation
from sidecar.zammad import zammad_of
from sipgate_client.simulator import SimulatedSipgate
from sipgate_client.simulator.server import running as account_running
from zammad_client.simulator import NEWEST, Simulator
from zammad_client.simulator.listener import listening_on
from zammad_client.simulator.server import running

HOST = "127.0.0.1"
_STOPPED_WITHIN = 15.0  # seconds


class SetUpError(SidecarError):
    """The demo cannot begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """Everything is up. `database` is the sidecar's, on connections of its own."""

    sim: Simulator
    sidecar: Sidecar
    settings: Settings
    database: Database
    sign: Callable[[bytes], str]

    @property
    def zammad_url(self) -> str:
        return self.settings.zammad.url

    @property
    def sidecar_url(self) -> str:
        return self.settings.server.public_url

    @property
    def hook_urls(self) -> Mapping[str, str]:
        """What the admin enters at sipgate."""
        return {way: f"{self.sidecar_url}{PREFIX}/{self.sim.sipgate_token}/{way}" for way in ("in", "out")}


@contextmanager
def set_up_demo(
    *, port: int, zammad: str = NEWEST, spoil: Callable[[Simulator], None] = lambda _sim: None
) -> Iterator[SetUp]:
    """Set up within seconds, taken down at the end.

    Args:
        port: the sidecar's; 0 takes a free one.
        zammad: the version of the simulated one.
        spoil: called once all is up: what a test breaks, to see that the demo notices.

    Raises:
        SetUpError: the port is taken.

    """
    with _listening(port) as door, TemporaryDirectory(prefix="sipgate-sidecar-demo-") as folder:
        sim, key = open_company(zammad), generate_private_key(public_exponent=65537, key_size=2048)
        key_file = Path(folder) / "phone.pem"
        key_file.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        account = open_account()
        with running(sim) as zammad_url, account_running(account) as sipgate_url:
            settings = _settings(sim, zammad_url, port=door.getsockname()[1], folder=Path(folder), key_file=key_file)
            settings = _with_sipgate(settings, account, sipgate_url)
            anyio.run(_synchronise, settings)
            database = Database(settings.database.url)
            with _serving(settings, door) as sidecar:
                spoil(sim)
                yield SetUp(
                    sim=sim,
                    sidecar=sidecar,
                    settings=settings,
                    database=database,
                    sign=lambda body: _signature(key, body),
                )
            database.close()


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    try:
        door = listening_on(HOST, port)
    except (OSError, OverflowError) as error:
        raise SetUpError(because(Unshown.PORT, port=port, said=str(getattr(error, "strerror", error)))) from error
    with door:
        yield door


def _settings(sim: Simulator, zammad_url: str, *, port: int, folder: Path, key_file: Path) -> Settings:
    """Nothing of the machine's configuration; short intervals, so that nobody waits."""
    return load(
        Path(os.devnull),
        {
            "SIDECAR_ZAMMAD__URL": zammad_url,
            "SIDECAR_ZAMMAD__TOKEN": sim.tokens.service,
            "SIDECAR_SERVER__PORT": str(port),
            "SIDECAR_SERVER__PUBLIC_URL": f"http://{HOST}:{port}",
            "SIDECAR_WEB__ZAMMAD_URL": zammad_url,
            "SIDECAR_DATABASE__URL": f"sqlite:///{folder / 'demo.db'}",
            "SIDECAR_SIPGATE__PUBLIC_KEY_FILES": f'["{key_file}"]',
            "SIDECAR_MISSED__SHORTEST_RING": "0",
            "SIDECAR_MISSED__SHORTEST_TALK": "0",
            "SIDECAR_TICKETS__GRACE": "0.5",
            "SIDECAR_CALLS__LOG_BLOCKED_CALLS": "true",
            "SIDECAR_SYNC__SETTINGS_EVERY": "1",
            "SIDECAR_SYNC__CHANGES_EVERY": "1",
            "SIDECAR_SYNC__PAUSE": "0",
        },
    )


def _with_sipgate(settings: Settings, account: SimulatedSipgate, url: str) -> Settings:
    """Its own interface, too: people, history and voicemail."""
    api = {"url": url, "token_id": account.token_id, "token": SecretStr(account.token)}
    sipgate = settings.sipgate
    return settings.model_copy(
        update={"sipgate": sipgate.model_copy(update={"api": sipgate.api.model_copy(update=api)})}
    )


async def _synchronise(settings: Settings) -> None:
    """What `sipgate-sidecar sync --full` does: rules, directory, and the repair of Zammad's recognition."""
    database, zammad = Database(settings.database.url), zammad_of(settings)
    try:
        upgrade(database)
        synchronisation = standalone_synchronisation(settings, zammad, database)
        await synchronisation.poll_settings()
        await synchronisation.full_pass()
        await synchronisation.repair_at_once()
        await database.write(lambda connection: begin_history(connection, time.time()))
    finally:
        await zammad.aclose()
        database.close()


@contextmanager
def _serving(settings: Settings, door: socket.socket) -> Iterator[Sidecar]:
    sidecar = Sidecar(settings)
    server = server_for(sidecar, settings)
    thread = threading.Thread(target=server.run, args=([door],), daemon=True, name="sidecar")
    thread.start()
    try:
        _wait_until_up(server, thread)
        yield sidecar
    finally:
        server.should_exit = True
        thread.join(_STOPPED_WITHIN)
        sidecar.database.close()


def _wait_until_up(server: uvicorn.Server, thread: threading.Thread) -> None:
    while not server.started:
        if not thread.is_alive():
            raise SetUpError(because(Unshown.NOT_STARTED))
        time.sleep(0.01)


def _signature(key: RSAPrivateKey, body: bytes) -> str:
    return b64encode(key.sign(body, PKCS1v15(), SHA256())).decode()
