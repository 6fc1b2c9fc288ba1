"""`erase` and `export` as an admin uses them, beside a running service."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Self
from urllib.parse import urlencode

import httpx
import pytest

from sidecar.cli import run
from sidecar.store.database import Database
from sidecar.store.sqlite_file import occurrences
from tests.process import command, served
from tests.service import environ_of, prepared
from tests.sidecar.store.privacy.seeding import ERIKA, OTTO, seed
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
STRANGER = "4961511234567"  # nobody in the simulated Zammad has it


@pytest.fixture
def seeded(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIDECAR_ZAMMAD__URL", "https://zammad.example.com")
    monkeypatch.setenv("SIDECAR_ZAMMAD__TOKEN", "secret")
    monkeypatch.setenv("SIDECAR_DATABASE__URL", database_url)
    database = Database(database_url)
    seed(database, calls=2)
    database.close()
    return database_url


def test_erase_says_what_it_did_and_who_is_still_in_zammad(seeded: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["erase", "--number", "(030) 123 45 67", "--yes"]) == 0
    said = capsys.readouterr().out
    assert "Erased: calls: 2, hooks beside them: 0, other rows: 4." in said
    assert "Still in Zammad, as last read: user 42, Erika Mustermann." in said
    assert ("docs/privacy.md" in said) == seeded.startswith("postgres")


def test_erase_asks_first(seeded: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert seeded
    assert run(["erase", "--number", ERIKA]) == 1, "nobody is there to say yes"
    assert "Erased" not in capsys.readouterr().out
    assert run(["export", "--number", ERIKA]) == 0
    assert len(json.loads(capsys.readouterr().out)["calls"]) == 2


def test_export_is_json_of_everything(seeded: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert seeded
    assert run(["export", "--user", "42"]) == 0
    kept = json.loads(capsys.readouterr().out)
    assert sorted(kept["about"]["numbers"]) == ["491719876543", "49301234567"]
    assert kept["in_zammad"] == [{"kind": "user", "id": 42, "name": "Erika Mustermann"}]
    assert len(kept["calls"]) == 2
    assert OTTO not in str(kept)


@pytest.mark.parametrize("arguments", [[], ["--number", "1", "--user", "2"], ["--number", "no number"]])
@pytest.mark.parametrize("name", ["erase", "export"])
def test_wrong_usage_is_said(seeded: str, name: str, arguments: list[str]) -> None:
    assert seeded
    assert run([name, *arguments]) == 2


class Caller:
    """Somebody else who calls all the time."""

    def __init__(self, client: httpx.Client, token: str) -> None:
        self._client = client
        self._token = token
        self._over = Event()
        self.statuses: list[int] = []
        self._thread = Thread(target=self._calls)

    def post(self, **form: str) -> int:
        body = urlencode({"direction": "in", "to": "4930600001", **form})
        return self._client.post(f"/api/v1/sipgate/{self._token}/in", content=body, headers=FORM).status_code

    def _calls(self) -> None:
        number = 0
        while not self._over.wait(0.01):
            number += 1
            for event in ("newCall", "hangup"):
                self.statuses.append(self.post(event=event, callId=f"other-{number}", **{"from": OTTO}))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


@pytest.fixture
def sim() -> Simulator:
    return prepared(Simulator())


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


def erased(environment: dict[str, str], directory: Path) -> subprocess.CompletedProcess[str]:
    return command(environment, directory, "erase", "--number", f"+{STRANGER}", "--yes")


def test_no_byte_is_left_in_file_log_and_write_ahead_log_while_serve_runs(
    sim: Simulator, url: str, tmp_path: Path
) -> None:
    database = tmp_path / "sidecar.db"
    environment = environ_of(sim, url, f"sqlite:///{database}")
    with (
        served(environment, tmp_path) as process,
        httpx.Client(base_url=process.url, trust_env=False) as client,
        Caller(client, sim.sipgate_token) as other,
    ):
        for number in range(30):
            for event in ("newCall", "answer", "hangup"):
                assert other.post(event=event, callId=f"c-{number}", **{"from": STRANGER}) == 200
        assert occurrences(database, [STRANGER.encode()]) > 0
        done = erased(environment, tmp_path)
        assert "Erased: calls: 30" in done.stdout, done.stdout + done.stderr
        searched = [STRANGER.encode(), f"0{STRANGER[2:]}".encode(), STRANGER[::-1].encode()]
        assert occurrences(database, searched) == 0
        assert client.get("/readyz").is_success
        assert len(other.statuses) > 10
    assert set(other.statuses) == {200}
    assert STRANGER[2:].encode() not in process.log.read_bytes()
    assert occurrences(database, searched) == 0
    assert occurrences(database, [OTTO.encode()]) > 0
