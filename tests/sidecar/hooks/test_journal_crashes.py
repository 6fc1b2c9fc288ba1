"""The journal in a real process that is killed, and on a disk that is full."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from sidecar.store.database import Database
from sidecar.store.journal.tables import hooks


def start(url: str, task: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.sidecar.hooks.journal_process", url, task]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def stored(url: str) -> list[str]:
    with closing(Database(url)) as database, database.reading() as connection:
        return [str(call_id) for call_id in connection.execute(select(hooks.c.call_id).order_by(hooks.c.id)).scalars()]


def acknowledged(lines: Sequence[str]) -> set[str]:
    return {line.split()[0] for line in lines if line.endswith("True\n")}


@pytest.mark.parametrize("after", [1, 150, 700])
def test_every_hook_acknowledged_before_a_kill_is_in_the_database_once(database_url: str, after: int) -> None:
    with start(database_url, "load") as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(after)]
        process.kill()
        lines += process.stdout.readlines()
    kept = Counter(stored(database_url))
    assert len(acknowledged(lines)) >= after
    assert acknowledged(lines) <= set(kept)
    assert set(kept.values()) == {1}


def test_a_full_disk_costs_no_hook_and_leaves_nothing_half_written(sqlite_url: str) -> None:
    with start(sqlite_url, "full") as process:
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    answers = [line.split() for line in out.splitlines()]
    assert [on_disk for _, on_disk in answers[-6:]] == ["False"] * 5 + ["True"]
    assert stored(sqlite_url) == ["-1", *(number for number, _ in answers)]
    with closing(sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///")).with_name("journal.db"))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
