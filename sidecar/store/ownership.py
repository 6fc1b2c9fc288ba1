"""One `serve` at a time on a local journal and a file of SQLite's: a second one would deliver everything once more."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sidecar.calls.reasons import because
from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError
from sidecar.store.database import Database


@contextmanager
def owned(database: Database) -> Iterator[None]:
    """Nobody else comes into such a block meanwhile; the system lets go of it when the process ends, however it does.

    PostgreSQL serves any number, each with a local journal of its own.

    Raises:
        StoreError: another process is in it; which one is said.

    """
    with ExitStack() as locks:
        files = database.files
        for file in (files.database, files.journal) if files else (database.local_journal,):
            locks.enter_context(_locked(file))
        yield


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    file = file.resolve()  # whatever link leads there
    path = file.with_name(f"{file.name}-lock")
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:  # the folder cannot be written to: the database will say so itself
        yield
        return
    try:
        _take(lock, file)
        yield
    finally:
        os.close(lock)


def _take(lock: int, file: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        who = os.pread(lock, 200, 0).decode(errors="replace")
        raise StoreError(because(Unusable.IN_USE, path=str(file), who=who)) from None
    os.truncate(lock, 0)
    os.pwrite(lock, f"process {os.getpid()} on {socket.gethostname()}".encode(), 0)
