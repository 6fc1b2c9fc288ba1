"""Two services on one file: the second is refused and told who has it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sidecar.errors import StoreError
from sidecar.store.database import Database
from sidecar.store.ownership import owned
from tests.places import ROOT

HOLD = "import sys; from pathlib import Path; from sidecar.store.database import Database; "
HOLD += "from sidecar.store.ownership import owned; url, journal = sys.argv[1:]; "
HOLD += "c = owned(Database(url, Path(journal))); c.__enter__(); print('held', flush=True); sys.stdin.read()"


def files(folder: Path, name: str = "sidecar.db", journal: str = "journal.db") -> Database:
    return Database(f"sqlite:///{folder / name}", folder / journal)


def replica(folder: Path, journal: str) -> Database:
    return Database("postgresql://sidecar@localhost/sidecar", folder / journal)


def test_a_second_one_is_told_who_has_it(tmp_path: Path) -> None:
    with owned(files(tmp_path)):
        for other in (files(tmp_path), files(tmp_path, name="other.db"), files(tmp_path, journal="other.db")):
            with pytest.raises(StoreError, match=f"in use by another `serve`, process {os.getpid()} on "), owned(other):
                pass
    with owned(files(tmp_path)):
        pass


def test_a_link_leads_to_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "sidecar.db").touch()
    (folder := tmp_path / "elsewhere").mkdir()
    (folder / "linked.db").symlink_to(tmp_path / "sidecar.db")
    (tmp_path / "folder").symlink_to(tmp_path)
    with owned(files(tmp_path)):
        for other in (files(folder, name="linked.db"), files(tmp_path / "folder")):
            with pytest.raises(StoreError, match="in use by another"), owned(other):
                pass


def test_a_hard_link_leads_to_the_same_file(tmp_path: Path) -> None:
    """Made before the first one's start, or while it runs."""
    (tmp_path / "journal.db").touch()
    for name in ("before", "while"):
        (tmp_path / name).mkdir()
    (tmp_path / "before" / "journal.db").hardlink_to(tmp_path / "journal.db")
    with owned(files(tmp_path)):
        (tmp_path / "while" / "sidecar.db").hardlink_to(tmp_path / "sidecar.db")
        for name in ("before", "while"):
            with (
                pytest.raises(StoreError, match=rf"{name}/.* in use by another `serve`, process {os.getpid()}:"),
                owned(files(tmp_path / name)),
            ):
                pass
    for name in ("before", "while"):
        with owned(files(tmp_path / name)):
            pass


def test_a_hard_link_to_the_journal_of_a_replica_leads_to_the_same_file(tmp_path: Path) -> None:
    with owned(replica(tmp_path, "a.db")):
        (tmp_path / "b.db").hardlink_to(tmp_path / "a.db")
        with pytest.raises(StoreError, match=r"b\.db is in use by another"), owned(replica(tmp_path, "b.db")):
            pass


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    mine = files(tmp_path)
    command = [sys.executable, "-c", HOLD, f"sqlite:///{tmp_path / 'sidecar.db'}", str(mine.local_journal)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(StoreError, match=f"process {holder.pid} on"), owned(mine):
        pass
    holder.kill()
    holder.communicate()
    with owned(mine):
        pass


def test_postgresql_serves_any_number_each_with_its_own_journal(tmp_path: Path) -> None:
    with (
        owned(replica(tmp_path, "a.db")),
        owned(replica(tmp_path, "b.db")),
        pytest.raises(StoreError, match=r"a\.db is in use by another"),
        owned(replica(tmp_path, "a.db")),
    ):
        pass
