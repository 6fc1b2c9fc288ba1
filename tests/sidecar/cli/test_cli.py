"""What every command keeps to: exit codes, errors of one line, help that teaches."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sidecar import __version__
from sidecar.cli import run
from sidecar.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _nothing_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SIDECAR_CONFIG", "SIDECAR_ZAMMAD__URL", "SIDECAR_ZAMMAD__TOKEN", "SIDECAR_DATABASE__URL"):
        monkeypatch.delenv(name, raising=False)


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"sipgate-sidecar {__version__}\n"


def test_without_a_command_it_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    assert "hooks" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["hooks", "list"], ["hooks", "show"]])
def test_help_has_examples(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"• sipgate-sidecar {' '.join(command)}" in re.sub(r"\x1b\[[\d;]*m", "", shown)


@pytest.mark.parametrize(
    "arguments",
    [["nope"], ["hooks"], ["hooks", "list", "--limit", "0"], ["hooks", "show", "x"], ["hooks", "list", "--nope"]],
)
def test_wrong_usage_is_one_line_and_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert one_line_of_stderr(capsys).endswith("(--help shows what there is)")


@pytest.mark.parametrize(
    ("arguments", "english", "german"),
    [
        (["simulte"], "no command simulte; did you mean 'simulate'?", "keinen Befehl simulte"),
        (["nope"], "no command nope", "keinen Befehl nope"),
        (["hooks"], "a command is missing", "ein Befehl fehlt"),
        (["hooks", "list", "--limt", "3"], "no option --limt; did you mean --limit?", "keine Option --limt"),
        (["hooks", "list", "--limit"], "--limit needs a value behind it", "--limit braucht einen Wert"),
        (["hooks", "list", "--json=3"], "--json takes no value", "--json hat keinen Wert"),
        (["hooks", "list", "--limit", "x"], "--limit: must be a whole number", "--limit: muss eine ganze Zahl sein"),
        (["hooks", "list", "--limit", "0"], "--limit: must be at least 1", "--limit: muss mindestens 1 sein"),
        (["demo", "--port", "65536"], "--port: must be at most 65535", "--port: darf höchstens 65535 sein"),
        (["demo", "--zammad", "9"], "--zammad: must be one of '5.2', '5.5'", "--zammad: möglich sind '5.2'"),
        (["hooks", "show"], "ID is missing", "ID fehlt"),
        (["hooks", "show", "1", "2"], "too much: 2", "zu viel: 2"),
        (["restore", "nope"], "FILE: there is no file nope", "FILE: es gibt keine Datei nope"),
        (["restore", "."], "FILE: . is a directory", "FILE: . ist ein Verzeichnis"),
        (["simulate", "--from", "abc"], "abc is no number that could call", "abc ist keine"),
    ],
)
def test_wrong_usage_is_said_in_plain_words(
    arguments: list[str],
    english: str,
    german: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for language, words in (("C", english), ("de_DE.UTF-8", german)):
        monkeypatch.setenv("LC_ALL", language)
        assert run(arguments) == 2
        assert words in one_line_of_stderr(capsys)


def test_a_configuration_fault_is_one_line_with_the_key_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["hooks", "list"]) == 2
    assert one_line_of_stderr(capsys).startswith("zammad.url: missing; set it")


def test_a_config_file_that_is_not_there_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["hooks", "list", "--config", str(tmp_path / "nowhere.yaml")]) == 2
    assert "nowhere.yaml: no such file or directory" in one_line_of_stderr(capsys)


def test_debug_lets_the_exception_pass() -> None:
    with pytest.raises(ConfigurationError):
        run(["--debug", "hooks", "list"])


def test_python_dash_m_is_the_same_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sidecar", "hooks", "list"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("zammad.url: ")
    assert "Traceback" not in done.stderr


def one_line_of_stderr(capsys: pytest.CaptureFixture[str]) -> str:
    [line] = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.parametrize("command", [[], ["hooks"], ["hooks", "list"], ["simulate"]])
def test_help_can_be_asked_for_shortly(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, "-h"]) == 0
    assert "--help" in capsys.readouterr().out


def test_flags_are_shown_without_a_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--help"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "--yes" in line]
    assert "bool" not in line


@pytest.mark.parametrize("command", [[], ["hooks"], ["hooks", "list"], ["simulate"], ["restore"]])
def test_help_is_german_for_germans(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, str] = {}
    for language in ("de_DE.UTF-8", "en_GB.UTF-8"):
        monkeypatch.setenv("LC_ALL", language)
        assert run([*command, "-h"]) == 0
        told[language] = capsys.readouterr().out
    assert "Aufruf: sipgate-sidecar" in told["de_DE.UTF-8"]
    assert "Diese Hilfe zeigen." in told["de_DE.UTF-8"]
    assert "Usage: sipgate-sidecar" in told["en_GB.UTF-8"], "whoever asked before"
    assert "Show this message" in told["en_GB.UTF-8"]
    assert "<bool>" not in told["en_GB.UTF-8"]
