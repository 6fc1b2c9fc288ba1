"""`outbox list`, `retry` and `discard`, `hooks replay`, and what `hooks show` tells of the call."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sidecar.calls.conversation.parcels import ParcelState
from sidecar.calls.reasons import as_written
from sidecar.cli import run
from sidecar.follow_up.fold import fold_waiting
from sidecar.store.calls import outbox
from sidecar.store.database import Connection, Database
from sidecar.store.journal.hooks import recent_hooks
from tests.sidecar.calls.conversation.traces import MISSED
from tests.sidecar.follow_up.folding import OFFICE, START, fold, hook, states, take_down
from tests.sidecar.store.journal.hook_rows import keep

COLUMNS = ["id", "created_at", "kind", "call_id", "state", "attempts", "due_at", "conversation_id", "note"]


@pytest.fixture
def url(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a database with a missed call, its first parcel refused by Zammad."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIDECAR_ZAMMAD__URL", "https://zammad.example.com")
    monkeypatch.setenv("SIDECAR_ZAMMAD__TOKEN", "secret")
    monkeypatch.setenv("SIDECAR_DATABASE__URL", sqlite_url)
    with closing(Database(sqlite_url)) as database:
        take_down(database, *[hook(event, at=START + place) for place, event in enumerate(MISSED.events)])
        fold(database, now=START + 100)
        with database.writing() as connection:
            outbox.settle(
                connection, 1, state=ParcelState.DEAD, note=as_written("Invalid 'direction'! (HTTP 422)"), now=START
            )
    return sqlite_url


def change(url: str, work: Callable[[Connection], object]) -> None:
    with closing(Database(url)) as database, database.writing() as connection:
        work(connection)


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert run(["outbox", "list", "--json", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[int, str]]:
    return [(parcel["id"], parcel["state"]) for parcel in listed(capsys, *arguments)]


def test_list_shows_what_is_open_the_newest_first(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert url
    newest, oldest = listed(capsys)
    assert list(newest) == [*COLUMNS, "reason"]
    assert (newest["kind"], newest["state"], newest["call_id"]) == ("close row", "pending", "A")
    assert (oldest["kind"], oldest["state"], oldest["note"]) == ("open row", "dead", "Invalid 'direction'! (HTTP 422)")


@pytest.mark.parametrize(("state", "ids"), [("pending", [2]), ("dead", [1]), ("done", []), ("all", [2, 1])])
def test_list_shows_the_states_asked_for(
    url: str, capsys: pytest.CaptureFixture[str], state: str, ids: list[int]
) -> None:
    assert url
    assert [parcel["id"] for parcel in listed(capsys, "--state", state)] == ids


def test_the_table_has_a_second_line_with_call_and_note(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert url
    assert run(["outbox", "list"]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split() == ["id", "created_at", "kind", "state", "attempts"]
    pending, below_pending, dead, below_dead = rows
    assert ("close row  pending" in pending, "open row   dead" in dead) == (True, True)
    assert below_pending.startswith("    call A; ")
    assert "next attempt: " in below_pending
    assert below_dead.endswith("; Invalid 'direction'! (HTTP 422)")


@pytest.mark.parametrize("arguments", [["1"], ["--all"], ["1", "2"]])
def test_retry_makes_dead_parcels_pending(url: str, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert url
    assert run(["outbox", "retry", *arguments]) == 0
    assert capsys.readouterr().out.endswith(" will be sent again\n")
    assert told(capsys) == [(2, "pending"), (1, "pending")]


def test_discard_of_all_takes_the_dead_and_leaves_the_waiting(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert url
    assert run(["outbox", "discard", "--all"]) == 0
    assert capsys.readouterr().out == "1 given up\n"
    assert told(capsys, "--state", "all") == [(2, "pending"), (1, "discarded")]


def test_a_waiting_parcel_can_be_discarded_by_its_id(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert url
    assert run(["outbox", "discard", "2"]) == 0
    capsys.readouterr()
    assert told(capsys, "--state", "all") == [(2, "discarded"), (1, "dead")]


def test_what_is_being_sent_right_now_is_left_alone(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    change(url, lambda connection: outbox.claim(connection, now=time.time(), lease=60.0, limit=1))
    assert run(["outbox", "discard", "1", "2"]) == 1
    assert "nothing was done" in capsys.readouterr().err
    assert told(capsys) == [(2, "pending"), (1, "dead")]


@pytest.mark.parametrize("arguments", [[], ["--all", "1"]])
def test_ids_or_all_but_not_both(url: str, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert url
    for command in ("retry", "discard"):
        assert run(["outbox", command, *arguments]) == 2
        assert "name the ids, or give --all" in capsys.readouterr().err


def test_an_id_that_is_not_there_is_a_problem(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert url
    assert run(["outbox", "retry", "1", "99"]) == 1
    assert "nothing was done" in capsys.readouterr().err
    assert told(capsys) == [(2, "pending"), (1, "dead")]


def test_show_tells_what_became_of_the_call_and_what_zammad_was_told(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert url
    assert run(["hooks", "show", "1", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["conversation"]["state"] == "missed"
    assert [(parcel["kind"], parcel["state"]) for parcel in shown["outbox"]] == [
        ("open row", "dead"),
        ("close row", "pending"),
    ]
    assert run(["hooks", "show", "1"]) == 0
    text = capsys.readouterr().out
    assert "1 open row: dead (Invalid 'direction'! (HTTP 422))" in text
    assert "missed" in text


def test_replayed_hooks_are_new_rows_that_change_nothing(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["hooks", "replay", "1", "2"]) == 0
    assert capsys.readouterr().out.startswith("2 fed in once more")
    with closing(Database(url)) as database:
        assert fold(database, now=START + 200).effects == 0
        assert states(database) == ["missed"]
        with database.reading() as connection:
            second, first, *originals = recent_hooks(connection)
    assert [hook.received_at for hook in (second, first)] == [hook.received_at for hook in originals]
    assert (first.source, first.conversation_id, first.answer) == ("replay of hook 1", 1, "")


def test_a_rejected_hook_stays_rejected_when_replayed(url: str) -> None:
    blocked = hook(MISSED.events[0], rejected=True, decision="blocked: spam (4989*)")
    with closing(Database(url)) as database:
        keep(database, blocked)
        assert run(["hooks", "replay", "3"]) == 0
        with database.writing() as connection:
            newest = recent_hooks(connection)[0]
            fold_waiting(connection, OFFICE, now=START + 200)
    assert (newest.rejected, newest.decision) == (True, "blocked: spam (4989*)")


def test_replay_of_what_cannot_be_understood_or_is_not_there_feeds_nothing_in(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rubbish = hook(MISSED.events[0])
    with closing(Database(url)) as database:
        keep(database, replace(rubbish, body=b"x=1"))
    for missing in ("3", "99"):
        assert run(["hooks", "replay", "1", missing]) == 1
        assert len(capsys.readouterr().err.splitlines()) == 1
    with closing(Database(url)) as database, database.reading() as connection:
        assert len(recent_hooks(connection)) == 3
