"""`install --sipgate`: the hook URLs at sipgate."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from sidecar.cli import run
from sipgate_client.simulator import SimulatedSipgate
from sipgate_client.simulator.server import running as running_sipgate
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running


@pytest.fixture
def zammad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    sim = Simulator()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIDECAR_CONFIG", raising=False)
    with running(sim) as url:
        monkeypatch.setenv("SIDECAR_ZAMMAD__URL", url)
        monkeypatch.setenv("SIDECAR_ZAMMAD__TOKEN", sim.tokens.service)
        monkeypatch.setenv("SIDECAR_SERVER__PUBLIC_URL", "https://zammad.example.com")
        yield sim


@pytest.fixture
def sipgate(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedSipgate]:
    sim = SimulatedSipgate()
    assert sim.hook_settings is not None
    sim.hook_settings["incomingUrl"] = "https://crm.example/hook"
    with running_sipgate(sim) as url:
        monkeypatch.setenv("SIDECAR_SIPGATE__API__URL", url)
        monkeypatch.setenv("SIDECAR_SIPGATE__API__TOKEN_ID", sim.token_id)
        monkeypatch.setenv("SIDECAR_SIPGATE__API__TOKEN", sim.token)
        yield sim


def test_the_urls_are_set_after_showing_who_was_there(
    zammad: Simulator, sipgate: SimulatedSipgate, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["install", "--sipgate", "--yes"]) == 0
    shown = capsys.readouterr().out
    assert "before: https://crm.example/hook" in shown
    assert "after: https://zammad.example.com/api/v1/sipgate/…/in" in shown
    assert zammad.sipgate_token not in shown
    assert sipgate.hook_settings is not None
    assert sipgate.hook_settings["incomingUrl"].endswith(f"/api/v1/sipgate/{zammad.sipgate_token}/in")
    assert sipgate.hook_settings["outgoingUrl"].endswith(f"/api/v1/sipgate/{zammad.sipgate_token}/out")
    assert sipgate.hook_settings["pushApiVersion"] == 1
    assert run(["install", "--sipgate", "--yes"]) == 0
    assert "Nothing to do." in capsys.readouterr().out


@pytest.mark.usefixtures("zammad")
def test_a_dry_run_writes_nothing(sipgate: SimulatedSipgate) -> None:
    assert run(["install", "--sipgate", "--dry-run"]) == 0
    assert not [request for request in sipgate.requests if request.method != "GET"]


@pytest.mark.usefixtures("zammad")
def test_without_a_token_for_the_interface_it_is_a_matter_of_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["install", "--sipgate", "--yes"]) == 2
    assert capsys.readouterr().err.startswith("sipgate.api.token: missing")


def written(sipgate: SimulatedSipgate) -> list[str]:
    return [request.method for request in sipgate.requests if request.method != "GET"]


@pytest.mark.usefixtures("zammad")
@pytest.mark.parametrize(("answer", "code", "writes"), [("n\n", 1, []), ("y\n", 0, ["PUT"])])
def test_it_asks_before_it_writes(
    sipgate: SimulatedSipgate, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, writes: list[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert run(["install", "--sipgate"]) == code
    assert written(sipgate) == writes


def test_where_nothing_differs_nothing_is_asked_or_written(zammad: Simulator, sipgate: SimulatedSipgate) -> None:
    ours = f"https://zammad.example.com/api/v1/sipgate/{zammad.sipgate_token}"
    assert sipgate.hook_settings is not None
    sipgate.hook_settings |= {"incomingUrl": f"{ours}/in", "outgoingUrl": f"{ours}/out"}
    assert run(["install", "--sipgate"]) == 0
    assert written(sipgate) == []


@pytest.mark.usefixtures("zammad")
def test_before_and_after_are_said_in_german_where_the_environment_is(
    sipgate: SimulatedSipgate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert run(["install", "--sipgate", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "Bei sipgate:\n  eingehende Anrufe:\n    vorher: https://crm.example/hook\n" in shown
    assert "  ausgehende Anrufe:\n    vorher: nichts\n" in shown
    assert written(sipgate) == []


@pytest.mark.usefixtures("zammad")
@pytest.mark.parametrize(
    ("scopes", "lost", "told"),
    [
        ({"settings:sipgateio:read"}, False, "lacks the scope settings:sipgateio:read or settings:sipgateio:write"),
        (set(), False, "sipgate does not let the hook URLs be set: insufficient scope"),
        ({"all"}, True, "run `sipgate-sidecar install --sipgate` again: it shows what is set now"),
    ],
)
def test_what_went_wrong_is_told_with_what_to_do(
    sipgate: SimulatedSipgate, capsys: pytest.CaptureFixture[str], scopes: set[str], told: str, *, lost: bool
) -> None:
    sipgate.scopes = frozenset(scopes)
    if lost:
        sipgate.faults.lose_answers(path="/settings/sipgateio", method="PUT")
    assert run(["install", "--sipgate", "--yes"]) == 1
    assert told in capsys.readouterr().err
    assert sipgate.hook_settings is not None
    assert (sipgate.hook_settings["incomingUrl"] == "https://crm.example/hook") is not lost
