"""`install` and `sync` against a simulated Zammad on a port."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
import typer

from sidecar.cli.usage.zammad import install, sync
from sidecar.directory import identify
from sidecar.store.database import Database
from sidecar.sync.kept import last_migration
from tests.sentences import said
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running


@pytest.fixture
def sim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    sim = Simulator(version="5.5", attributes=False)  # one that does not restart itself: nothing is waited for
    with running(sim) as url:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("SIDECAR_ZAMMAD__URL", url)
        monkeypatch.setenv("SIDECAR_ZAMMAD__TOKEN", sim.tokens.service)
        monkeypatch.setenv("SIDECAR_DATABASE__URL", f"sqlite:///{tmp_path / 'sidecar.db'}")
        monkeypatch.setenv("SIDECAR_SYNC__PAUSE", "0")
        yield sim


def test_a_dry_run_shows_what_install_would_do_and_does_nothing(
    sim: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    install(dry_run=True)
    shown = capsys.readouterr().out
    assert "User.cti_numbers" in shown
    assert shown.count("will be created") == 10
    assert not sim.writes


def test_install_says_that_zammad_wants_a_restart_and_a_second_time_has_nothing_to_do(
    sim: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    install(yes=True)
    assert "restarted" in capsys.readouterr().out
    writes = len(sim.writes)
    install(yes=True)
    assert "Nothing to do." in capsys.readouterr().out
    assert len(sim.writes) == writes


@pytest.mark.usefixtures("sim")
def test_install_notes_when_it_migrated_so_that_check_knows_of_a_restart(tmp_path: Path) -> None:
    install(yes=True)
    with closing(Database(f"sqlite:///{tmp_path / 'sidecar.db'}")) as database, database.reading() as connection:
        assert last_migration(connection) is not None


@pytest.mark.usefixtures("sim")
def test_without_a_database_install_goes_on_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SIDECAR_DATABASE__URL", "sqlite:////nowhere/at/all/sidecar.db")
    install(yes=True)
    said_so = capsys.readouterr()
    assert "Done." in said_so.out
    assert "database cannot be used" in said_so.err


def test_install_does_nothing_unless_it_is_confirmed(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("n\n"))
    with pytest.raises(typer.Abort):
        install()
    assert not sim.writes


def test_install_ends_with_a_problem_where_an_attribute_has_another_type(
    sim: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    sim.attributes.create("User", {"name": "cti_blocked", "data_type": "input", "active": True}, by=3, now=0.0)
    with pytest.raises(typer.Exit) as ended:
        install(yes=True)
    assert ended.value.exit_code == 1
    assert "User.cti_blocked" in capsys.readouterr().out


def test_a_full_sync_reads_everybody_repairs_recognition_and_says_what_changed(
    sim: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install(yes=True)
    sim.add_customers(20)
    capsys.readouterr()
    sync(full=True)
    shown = capsys.readouterr().out
    assert "27 new" in shown  # 29 people and 2 organizations, the 4 agents came before
    assert "recognition repaired: 2 people" in shown
    database = Database(f"sqlite:///{tmp_path / 'sidecar.db'}")
    with database.reading() as connection:
        assert said(identify(connection, "49307654321").reason) == "phone of Otto Müller"
    database.close()
    sync(full=True)
    assert "0 new, 0 changed, 0 gone" in capsys.readouterr().out


def test_a_sync_repairs_nothing_by_itself(sim: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    sync()
    sync()
    assert "recognition" not in capsys.readouterr().out
    assert not sim.writes


def test_a_full_sync_without_the_attributes_says_what_to_do(sim: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        sync(full=True)
    assert ended.value.exit_code == 1
    assert "sipgate-sidecar install" in capsys.readouterr().err
    assert len(sim.writes) == 1


def test_a_full_sync_shows_how_far_it_is_and_how_much_time_is_left(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("SIDECAR_SYNC__PAGE_SIZE", "10")
    monkeypatch.setenv("SIDECAR_SYNC__PAUSE", "0.2")
    install(yes=True)
    sim.add_customers(60)
    sync(full=True)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", capsys.readouterr().err)
    assert re.search(r"\d+/70 0:00:0\d", shown), "highest id, and the time left"
