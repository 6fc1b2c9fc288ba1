"""`simulate` against a running sidecar."""

from __future__ import annotations

import io
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from sidecar.calls.rules.rules import ZammadSettings
from sidecar.cli import run
from sidecar.demo.set_up import SetUp, set_up_demo
from sidecar.store.database import Database
from sidecar.store.replicas.snapshots import save_snapshot
from sidecar.sync.kept import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def running_pair() -> Iterator[SetUp]:
    with set_up_demo(port=0) as set_up:
        yield set_up


@pytest.fixture
def pair(running_pair: SetUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SetUp:
    """The configuration of this process is that of the running sidecar."""
    settings = running_pair.settings
    running_pair.sim.reset_calls()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.delenv("SIDECAR_CONFIG", raising=False)
    monkeypatch.setenv("SIDECAR_ZAMMAD__URL", settings.zammad.url)
    monkeypatch.setenv("SIDECAR_ZAMMAD__TOKEN", running_pair.sim.tokens.service)
    monkeypatch.setenv("SIDECAR_SERVER__PORT", str(settings.server.port))
    monkeypatch.setenv("SIDECAR_DATABASE__URL", settings.database.url)
    return running_pair


def rows(pair: SetUp) -> list[dict[str, Any]]:
    """Of the calls played here: the demo has some of its own."""
    return [row for row in pair.sim.call_log if str(row["call_id"]).startswith("sidecar-test-")]


def test_a_call_is_played_and_its_end_is_shown(pair: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--scenario", "group", "--from", "030 1234567"]) == 0
    shown = capsys.readouterr().out
    assert "event=newCall direction=in from=49301234567" in shown
    assert "user[]=Jane Doe user[]=Max Roe userId[]=w0" in shown
    assert "call: Answered; caller: certain, phone of Erika Mustermann; agent: Max Roe" in shown
    assert "close the row      delivered" in shown
    assert pair.sim.sipgate_token not in shown
    (row,) = rows(pair)
    assert row["call_id"].startswith("sidecar-test-")
    assert [opened.agent_id for opened in pair.sim.opened] == [5]


def test_blocked_takes_a_number_of_the_block_list(pair: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--scenario", "blocked"]) == 0
    assert '<Reject reason="busy"/>' in capsys.readouterr().out
    assert rows(pair)[0]["from"].startswith("4915228817")


def test_nobody_answers_is_a_missed_call_however_short_it_rings(
    pair: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["simulate", "--scenario", "missed"]) == 0
    assert "call: Missed" in capsys.readouterr().out
    assert rows(pair)[0]["comment"] == "noAnswer"


def test_in_a_zammad_that_is_not_simulated_it_asks_first(
    pair: SetUp, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SIDECAR_ZAMMAD__URL", pair.sidecar_url)  # something that answers, but no simulator
    assert run(["simulate", "--scenario", "missed"]) == 1
    assert f"{pair.sidecar_url} is no simulated Zammad" in capsys.readouterr().err
    assert rows(pair) == []
    assert run(["simulate", "--scenario", "missed", "--yes"]) == 0
    assert len(rows(pair)) == 1


def test_without_the_database_the_token_comes_from_zammad(
    pair: SetUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SIDECAR_DATABASE__URL", f"sqlite:///{tmp_path / 'other.db'}")
    assert run(["simulate", "--scenario", "missed", "--agent", "w7"]) == 0
    captured = capsys.readouterr()
    assert "only its answers are shown" in captured.err
    assert "user[]=Test w7 userId[]=w7" in captured.out
    assert not (tmp_path / "other.db").exists()
    assert pair.sidecar_url in captured.out


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (["--agent", "w0"], "a dialog was sent to Jane Doe"),
        (["--agent", "w7"], "To have one open: add w7 to the table of users on Zammad's sipgate.io page"),
        (["--scenario", "missed"], "no dialog: nobody picked up"),
        (["--scenario", "outbound"], "no dialog: outbound calls open none"),
    ],
)
def test_the_last_sentence_says_why_a_dialog_opened_or_not(
    arguments: list[str], last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["simulate", *arguments]) == 0
    assert last in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.usefixtures("pair")
def test_a_wrong_token_is_said_in_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SIDECAR_SIPGATE__TOKEN", "another-token")
    assert run(["simulate"]) == 1
    captured = capsys.readouterr()
    assert "  401 <Response/>" in captured.out
    assert "does not accept this token" in captured.err


@pytest.mark.usefixtures("pair")
def test_nobody_at_the_address_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--to", "http://127.0.0.1:9"]) == 1
    assert capsys.readouterr().err.startswith("the sidecar at http://127.0.0.1:9 does not answer: ")


def test_an_integration_that_is_switched_off_is_said_before_anything_is_played(
    pair: SetUp, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    off = ZammadSettings(
        sipgate_integration=False,
        sipgate_token=pair.sim.sipgate_token,
        sipgate_config={},
        cti_integration=True,
        cti_token=pair.sim.cti_token,
        cti_config={},
    )
    with closing(Database(sqlite_url)) as database, database.writing() as connection:
        save_snapshot(connection, SETTINGS, asdict(off), 0.0)
    monkeypatch.setenv("SIDECAR_DATABASE__URL", sqlite_url)
    assert run(["simulate"]) == 1
    captured = capsys.readouterr()
    assert "the integration is switched off in Zammad" in captured.err
    assert "System > Integrations > sipgate.io" in captured.err
    assert captured.out == ""


@pytest.mark.usefixtures("pair")
def test_an_unknown_scenario_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--scenario", "nonsense"]) == 2
    assert "simple, missed, group" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--from", "abc"], ["--from", ""], ["--agent", "w 0"], ["--second-agent", "w0;"]])
def test_who_cannot_call_or_be_called_is_wrong_usage(pair: SetUp, wrong: list[str]) -> None:
    assert run(["simulate", *wrong]) == 2
    assert not rows(pair)
