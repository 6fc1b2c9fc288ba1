"""Two services on one file: the second is refused and told who has it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sidecar.errors import StoreError
from sidecar.store.address import SqliteFiles
from sidecar.store.ownership import owned
from tests.places import ROOT

HOLD = "import sys; from pathlib import Path; from sidecar.store.address import SqliteFiles as F; "
HOLD += "from sidecar.store.ownership import owned; a, b = map(Path, sys.argv[1:]); "
HOLD += "c = owned(F(database=a, journal=b)); c.__enter__(); print('held', flush=True); sys.stdin.read()"


def files(folder: Path, name: str = "sidecar.db", journal: str = "journal.db") -> SqliteFiles:
    return SqliteFiles(database=folder / name, journal=folder / journal)


def test_a_second_one_is_told_who_has_it(tmp_path: Path) -> None:
    with owned(files(tmp_path)):
        for other in (files(tmp_path), files(tmp_path, name="other.db"), files(tmp_path, journal="other.db")):
            with pytest.raises(StoreError, match=f"in use by another `serve`, process {os.getpid()} on "), owned(other):
                pass
    with owned(files(tmp_path)):
        pass


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    mine = files(tmp_path)
    command = [sys.executable, "-c", HOLD, str(mine.database), str(mine.journal)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(StoreError, match=f"process {holder.pid} on"), owned(mine):
        pass
    holder.kill()
    holder.communicate()
    with owned(mine):
        pass


def test_postgresql_serves_any_number() -> None:
    with owned(None), owned(None):
        pass
