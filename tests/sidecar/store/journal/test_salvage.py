"""Damaged files of hooks, real ones: kept under another name, and what can be read of them goes on."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sidecar.store.journal.local import LocalJournal
from sidecar.store.journal.overflow_file import OverflowFile
from sidecar.store.journal.rows import Doubt
from sidecar.store.journal.rules_copy import RulesCopy
from sidecar.store.journal.salvage import finish_replacing, is_damaged, replace_damaged, set_aside_beside
from sidecar.store.replicas.snapshots import Snapshot
from tests.sidecar.store.journal.hook_rows import hook_row

ROWS = 400
PAGE = 4096


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Four hundred hooks on some forty pages, one of them in doubt, and a copy of the rules."""
    file = tmp_path / "journal.db"
    with closing(LocalJournal(file)) as journal:
        journal.append([hook_row(number) for number in range(1, ROWS)])
        journal.append([hook_row(ROWS)], Doubt(process=7, above=3))
    RulesCopy(file).save({"settings": Snapshot(value={"a": 1}, version=0, saved_at=5.0)})
    return file


def ids(file: Path) -> list[int]:
    with closing(sqlite3.connect(file)) as connection:
        return [number for (number,) in connection.execute("SELECT id FROM hooks ORDER BY id")]


def next_id(file: Path) -> int:
    with closing(LocalJournal(file)) as journal:
        journal.append([hook_row(9999)])
        return journal.last_id()


def overwrite(file: Path, at: int, with_what: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(with_what)


def leaf_in_the_middle(file: Path) -> int:
    """The page of some hook: hooks are the only rows with this text."""
    content = file.read_bytes()
    return content.index(b"event=newCall", len(content) // 2) // PAGE * PAGE


def test_a_torn_page_costs_the_hooks_on_it_alone(file: Path) -> None:
    overwrite(file, leaf_in_the_middle(file), os.urandom(PAGE))
    assert is_damaged(file)
    replace_damaged(file)
    assert not is_damaged(file)
    saved = ids(file)
    assert ROWS - 40 < len(saved) < ROWS
    assert {1, ROWS} <= set(saved)
    assert RulesCopy(file).load()["settings"].value == {"a": 1}
    assert next_id(file) == ROWS + 1, "no id is used again"


def test_of_a_file_cut_off_what_stands_before_is_saved(file: Path) -> None:
    os.truncate(file, leaf_in_the_middle(file))
    replace_damaged(file)
    saved = ids(file)
    assert saved == list(range(1, len(saved) + 1))
    assert len(saved) > ROWS / 4


@pytest.mark.parametrize("content", [b"x", b"no database at all" * 1000, os.urandom(50_000)])
def test_garbage_is_kept_and_a_new_file_stands_in_its_place(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert is_damaged(file)
    replace_damaged(file)
    assert ids(file) == []
    (kept,) = set_aside_beside(file)
    assert kept.read_bytes() == content
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_text_that_is_no_utf_8_costs_no_hook(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE hooks SET caller = CAST(x'ff4142' AS TEXT) WHERE id = 5")
    assert is_damaged(file)
    replace_damaged(file)
    assert not is_damaged(file)
    assert ids(file) == list(range(1, ROWS + 1))


def test_rows_that_are_no_hooks_stay_behind(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE hooks SET received_at = 'yesterday' WHERE id = 3")
        connection.execute("UPDATE hooks SET body = 'text', caller = x'00' WHERE id = 4")
        connection.execute("DROP TABLE doubts")
    assert is_damaged(file)
    replace_damaged(file)
    assert ids(file) == [number for number in range(1, ROWS + 1) if number not in {3, 4}]


def test_what_is_only_in_the_log_is_saved_as_well(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    with closing(LocalJournal(file)) as journal:
        journal.append([hook_row(number) for number in range(1, 3000)])
        overwrite(file, 0, b"garbage" * 100)  # the log still has the first page as it was
        replace_damaged(file)
    assert ids(file) == list(range(1, 3000))
    (kept,) = set_aside_beside(file)
    assert kept.with_name(f"{kept.name}-wal").exists()


def test_a_second_damage_at_the_same_time_keeps_both_files(file: Path) -> None:
    for content in (b"first", b"second"):
        file.write_bytes(content)
        replace_damaged(file)
    assert {each.read_bytes() for each in set_aside_beside(file)} == {b"first", b"second"}


def test_behind_a_link_the_file_itself_is_replaced(file: Path, tmp_path: Path) -> None:
    (folder := tmp_path / "elsewhere").mkdir()
    (link := folder / "link.db").symlink_to(file)
    file.write_bytes(b"garbage")
    replace_damaged(link)
    assert link.is_symlink()
    assert [each.parent for each in set_aside_beside(link)] == [tmp_path]


def test_a_crash_between_both_names_loses_nothing_that_was_saved(file: Path) -> None:
    file.rename(file.with_name("journal.db.saved"))
    finish_replacing(file)
    assert len(ids(file)) == ROWS


@pytest.mark.parametrize(
    "use",
    [
        lambda overflow: overflow.append([hook_row(1)], None),
        lambda overflow: overflow.oldest(5),
        lambda overflow: overflow.count(),
        lambda overflow: overflow.forget([3]),
        lambda overflow: overflow.try_out(),
    ],
)
def test_whoever_first_meets_damage_in_the_overflow_goes_on_with_what_was_saved(
    file: Path, use: Callable[[OverflowFile], object]
) -> None:
    file.write_bytes(b"garbage" * 1000)
    with closing(OverflowFile(file)) as overflow:
        use(overflow)
    assert len(set_aside_beside(file)) == 1


def test_an_overflow_torn_while_it_is_open_gives_what_can_be_read_with_its_doubts(file: Path) -> None:
    with closing(OverflowFile(file)) as overflow:
        overflow.examine()
        assert overflow.count() == ROWS
    with closing(OverflowFile(file)) as overflow:
        overwrite(file, leaf_in_the_middle(file), os.urandom(PAGE))
        waiting = overflow.oldest(ROWS)
        assert ROWS - 40 < len(waiting) < ROWS
        assert waiting[-1].doubt == Doubt(process=7, above=3)
