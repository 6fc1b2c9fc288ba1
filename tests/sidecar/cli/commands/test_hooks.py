"""`hooks list` and `hooks show`: what people and machines are shown of the journal."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sidecar.calls.reasons import as_text, because
from sidecar.calls.rules.block_list import Blocked
from sidecar.cli import run
from sidecar.store.database import Database
from sidecar.store.journal.rows import HookRow
from tests.sidecar.store.journal.earlier_releases import leave_spool
from tests.sidecar.store.journal.hook_rows import NEW_CALL, hook_row
from tests.sidecar.store.journal.hook_rows import keep as keep_in

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ["id", "received_at", "direction", "event", "call_id", "from", "to", "status", "decision"]


@pytest.fixture
def journal_url(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    configure(monkeypatch, sqlite_url)
    return sqlite_url


def configure(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("SIDECAR_ZAMMAD__URL", "https://zammad.example.com")
    monkeypatch.setenv("SIDECAR_ZAMMAD__TOKEN", "secret")
    monkeypatch.setenv("SIDECAR_DATABASE__URL", database_url)


def keep(url: str, *rows: HookRow) -> None:
    with closing(Database(url)) as database:
        keep_in(database, *rows)


def json_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_list_shows_the_newest_fifty_first(journal_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    keep(journal_url, *(hook_row(number) for number in range(60)))
    assert run(["hooks", "list", "--json"]) == 0
    lines = json_lines(capsys)
    assert [line["call_id"] for line in lines] == [str(number) for number in range(59, 9, -1)]
    assert list(lines[0]) == [*COLUMNS, "reason", "dialog", "dialog_reasons"]


def test_list_shows_what_a_killed_process_of_the_previous_release_left(
    journal_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(journal_url, hook_row(1))
    leave_spool(tmp_path / "sidecar.db", hook_row(1), hook_row(2))
    assert run(["hooks", "list", "--json"]) == 0
    assert [line["call_id"] for line in json_lines(capsys)] == ["2", "1"]


def test_list_takes_a_limit(journal_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    keep(journal_url, *(hook_row(number) for number in range(5)))
    assert run(["hooks", "list", "--json", "--limit", "2"]) == 0
    assert [line["call_id"] for line in json_lines(capsys)] == ["4", "3"]


def test_the_table_has_the_same_columns(journal_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    keep(journal_url, NEW_CALL)
    assert run(["hooks", "list"]) == 0
    heading, row, beneath = capsys.readouterr().out.splitlines()
    assert heading.split() == ["id", "received_at", "event", "from", "to"]
    fields = re.split(r"\s{2,}", row.strip())
    assert fields[1:] == ["2023-11-14 23:13:20", "in newCall", "4915799912345", "4921199999999"]
    assert beneath == "    nothing to change"


def test_times_are_of_the_machines_zone_or_utc_where_asked_for(
    journal_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(journal_url, NEW_CALL)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    for arguments, shown in (([], "2023-11-15 07:13:20 "), (["--utc"], "2023-11-14 22:13:20Z ")):
        for command in (["list"], ["show", "1"]):
            assert run(["hooks", *command, *arguments]) == 0
            assert shown.strip() in capsys.readouterr().out
    assert run(["hooks", "list", "--json"]) == 0
    assert json_lines(capsys)[0]["received_at"] == "2023-11-14T22:13:20.250Z"


@pytest.mark.parametrize("language", ["en_GB.UTF-8", "de_DE.UTF-8"])
def test_no_line_is_wider_than_a_small_terminal(
    journal_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    spam = as_text(because(Blocked.NOTED_ROW, note="Somebody who calls every day and never says why" * 2, number="4*"))
    keep(journal_url, replace(NEW_CALL, caller="1" * 60, decision=spam))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LC_ALL", language)
    assert run(["hooks", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert "111111111111111…" in lines[1]
    assert " ".join(line.strip() for line in lines[2:]).endswith("never says why (4*)"), "whole words"


def test_an_empty_journal_is_no_problem(journal_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert journal_url
    assert run(["hooks", "list", "--json"]) == 0
    assert capsys.readouterr().out == ""


def test_show_tells_everything_that_is_known(journal_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    keep(journal_url, NEW_CALL)
    assert run(["hooks", "show", "1", "--json"]) == 0
    [hook] = json_lines(capsys)
    assert hook["body"] == NEW_CALL.body.decode()
    assert hook["answer"] == NEW_CALL.answer
    assert hook["signature"] == "valid"
    assert list(hook)[: len(COLUMNS)] == COLUMNS


def test_show_of_a_hook_that_is_not_there_is_a_problem(journal_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert journal_url
    assert run(["hooks", "show", "7"]) == 1
    assert capsys.readouterr().err.startswith("there is no hook 7")


def test_a_hostile_form_cannot_steer_the_terminal(journal_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "\x1b]0;owned\x07[bold]x[/bold]"
    keep(journal_url, replace(NEW_CALL, caller=hostile, decision=hostile, body=hostile.encode() + b"\xff"))
    for command in (["list"], ["show", "1"]):
        assert run(["hooks", *command]) == 0
        shown = capsys.readouterr().out
        assert "\x1b" not in shown
        assert "\x07" not in shown
        assert "[bold]x[/bold]" in shown


def test_a_database_nobody_has_used_is_named_and_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    configure(monkeypatch, "sqlite:///none.db")
    assert run(["hooks", "list"]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "none.db: there is nothing in it yet" in line
    assert not (tmp_path / "none.db").exists()


def test_a_database_without_tables_is_a_problem_in_words(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.db").touch()
    monkeypatch.chdir(tmp_path)
    configure(monkeypatch, empty_database_url)
    assert run(["hooks", "list"]) == 1
    assert "there is nothing in it yet" in capsys.readouterr().err


def test_people_read_decisions_in_the_language_of_their_environment(
    journal_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spam = as_text(because(Blocked.NOTED_ROW, note="Spam", number="4989*"))
    keep(journal_url, replace(hook_row(1), decision=spam), replace(hook_row(2), decision="no rule applies"))
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert run(["hooks", "list"]) == 0
    shown = capsys.readouterr().out
    assert shown.split()[:3] == ["Nr.", "empfangen", "Ereignis"]
    assert "gesperrt: Spam (4989*)" in shown
    assert "no rule applies" in shown, "as an older release has written it"
    assert run(["hooks", "show", "1"]) == 0
    assert "gesperrt: Spam (4989*)" in capsys.readouterr().out
    assert run(["hooks", "list", "--json"]) == 0
    assert [(line["decision"], line["reason"]["code"]) for line in json_lines(capsys)] == [
        ("no rule applies", "as_written"),
        ("blocked: Spam (4989*)", "blocked.noted_row"),
    ]
