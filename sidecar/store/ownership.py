"""One `serve` at a time on a local journal and a file of SQLite's: a second one would deliver everything once more.

Two locks for each file. One on a file beside it keeps the place, whatever lies there. One on the file itself is met by
whoever comes another way, as by a hard link.
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from sidecar.calls.reasons import because
from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError
from sidecar.store.connections.sqlite import make_private
from sidecar.store.database import Database
from sidecar.store.journal.local import LocalJournal

TAKEN = {errno.EAGAIN, errno.EACCES}
FAR_OUT = 1 << 60  # bytes: where SQLite locks nothing and no file has anything
_LOCK = "@hhqqi4x"  # struct flock: kind, whence, start, length, process


@contextmanager
def owned(database: Database) -> Iterator[None]:
    """Nobody else comes into such a block meanwhile; the system lets go of it when the process ends, however it does.

    PostgreSQL serves any number, each with a local journal of its own.

    Raises:
        StoreError: another process is in it; which one is said.

    """
    with ExitStack() as locks:
        files = database.files
        ours = (files.database, files.journal) if files else (database.local_journal,)
        for file in map(Path.resolve, ours):  # whatever symbolic link leads there
            locks.enter_context(_place_locked(file))
        for file in map(Path.resolve, ours):
            _make(file, is_database=files is not None)
            locks.enter_context(_file_locked(file))
        yield


def _make(file: Path, *, is_database: bool) -> None:
    """What is not there cannot be locked. Where it is the only one it is made whole: empty, it would look damaged."""
    with suppress(OSError, StoreError):
        if is_database:
            make_private(file)
        elif not file.exists():
            with closing(LocalJournal(file)) as journal:
                journal.try_out()


@contextmanager
def _place_locked(file: Path) -> Iterator[None]:
    path = file.with_name(f"{file.name}-lock")
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:  # the folder cannot be written to: the database will say so itself
        yield
        return
    try:
        _take_place(lock, file)
        yield
    finally:
        os.close(lock)


def _take_place(lock: int, file: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _in_use(file, os.pread(lock, 200, 0).decode(errors="replace")) from None
    os.truncate(lock, 0)
    os.pwrite(lock, f"process {os.getpid()} on {socket.gethostname()}".encode(), 0)


@contextmanager
def _file_locked(file: Path) -> Iterator[None]:
    """Belongs to the open file, not to the process as SQLite's own do, which end with any that is closed."""
    try:
        opened = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except OSError:  # as above
        yield
        return
    try:
        _take_file(opened, file)
        yield
    finally:
        os.close(opened)


def _take_file(opened: int, file: Path) -> None:
    """So many bytes as the number of the process: whoever finds them locked learns it from that."""
    if not hasattr(fcntl, "F_OFD_SETLK"):  # outside of Linux the place alone is kept
        return
    try:
        fcntl.fcntl(opened, fcntl.F_OFD_SETLK, _lock_of(os.getpid()))
    except OSError as error:  # a file system may know no locks: then the place alone is kept
        if error.errno in TAKEN:
            raise _in_use(file, f"process {_owner(opened)}") from None


def _owner(opened: int) -> str:
    with suppress(OSError):
        found = struct.unpack(_LOCK, fcntl.fcntl(opened, fcntl.F_OFD_GETLK, _lock_of(1)))
        if found[0] != fcntl.F_UNLCK:
            return str(found[3])
    return "?"


def _lock_of(length: int) -> bytes:
    return struct.pack(_LOCK, fcntl.F_WRLCK, os.SEEK_SET, FAR_OUT, length, 0)


def _in_use(file: Path, who: str) -> StoreError:
    return StoreError(because(Unusable.IN_USE, path=str(file), who=who))
