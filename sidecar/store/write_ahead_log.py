"""SQLite's log beside a file: whether all that was committed into it can still be read.

SQLite reads it up to the first frame that does not fit and says nothing about the rest: after a crash in the middle of
a transaction that is as it should be, after damage it is a loss. What was committed stands in the index beside it,
which outlives a killed process. Format: https://sqlite.org/walformat.html.
"""

from __future__ import annotations

import shutil
import struct
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path

import structlog

HEADER, FRAME_HEADER = 32, 24  # bytes
INDEX_HEADER = 48  # bytes, twice; behind them how many frames are in the database already
MOST = 20_000  # frames that are looked at: two seconds
MAGIC = {b"\x37\x7f\x06\x82": "<", b"\x37\x7f\x06\x83": ">"}  # to the order of bytes of checksums
_NATIVE = "<" if sys.byteorder == "little" else ">"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What SQLite has noted of the log. `salt`: differs each time the log begins anew."""

    salt: bytes
    committed: int  # frames
    copied: int  # frames that are in the database


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What can be read of it. `salt`: empty where its beginning cannot.

    `has_odd_frame`: behind those that can be read is one that was written with them, whole in length, and does not fit.
    """

    salt: bytes
    readable: int  # frames
    has_odd_frame: bool


def keep_torn_logs(*files: Path) -> None:
    """Copies, before anybody opens these files: SQLite deletes the log once it has read what it can."""
    for path in map(Path.resolve, files):
        if is_log_torn(path) and not _is_kept(path):
            kept = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.log")
            with suppress(OSError):
                shutil.copy2(_log_of(path), kept)
            log.error("log_of_database_torn", file=str(path), kept_as=str(kept), effect="its last changes are lost")


def _is_kept(path: Path) -> bool:
    """As when somebody has kept it who could not open the database then."""
    written_at = _log_of(path).stat().st_mtime_ns
    return any(each.stat().st_mtime_ns == written_at for each in path.parent.glob(f"{escape(path.name)}.damaged-*.log"))


def is_log_torn(path: Path) -> bool:
    """Whether something that was committed, and is not in the file yet, can no longer be read. `path`: the database."""
    with suppress(OSError):
        while _log_of(path).stat().st_size:
            index, found = _index(path), _look(_log_of(path))
            if index is None or _is_older(index, found):
                return found.has_odd_frame
            if not _lacks_something(index, found):
                return False
            if index == _index(path):  # nobody writes meanwhile
                return True
    return False


def _is_older(index: Index, found: Log) -> bool:
    """As after a power failure: nobody sees to it that it is on disk. The salt begins with a number that grows."""
    return found.salt[:4] > index.salt[:4]


def _lacks_something(index: Index, found: Log) -> bool:
    readable = found.readable if found.salt == index.salt else 0
    return index.committed > index.copied and readable < min(index.committed, MOST)


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _index(path: Path) -> Index | None:
    """None where there is none that could be believed."""
    try:
        with path.with_name(f"{path.name}-shm").open("rb") as opened:
            content = opened.read(2 * INDEX_HEADER + 4)
    except OSError:
        return None
    header = content[:INDEX_HEADER]
    if len(content) < 2 * INDEX_HEADER + 4 or header != content[INDEX_HEADER : 2 * INDEX_HEADER] or not header[12]:
        return None
    if _checksum(header[:40], (0, 0), _NATIVE) != struct.unpack("=2I", header[40:]):
        return None
    (committed,), (copied,) = struct.unpack_from("=I", header, 16), struct.unpack_from("=I", content, 2 * INDEX_HEADER)
    return Index(salt=header[32:40], committed=committed, copied=copied)


def _look(log_file: Path) -> Log:
    with log_file.open("rb") as opened:
        header = opened.read(HEADER)
        order, salt, size = MAGIC.get(header[:4]), header[16:24], int.from_bytes(header[8:12], "big")
        if len(header) < HEADER or order is None:
            return Log(salt=b"", readable=0, has_odd_frame=True)
        sums = _checksum(header[:24], (0, 0), order)
        if sums != struct.unpack(">2I", header[24:]):
            return Log(salt=b"", readable=0, has_odd_frame=True)
        for readable in range(MOST):
            frame = opened.read(FRAME_HEADER + size)
            is_young, is_whole = frame[8:16] == salt, len(frame) == FRAME_HEADER + size
            if is_young and is_whole:
                sums = _checksum(frame[FRAME_HEADER:], _checksum(frame[:8], sums, order), order)
            if not is_young or not is_whole or sums != struct.unpack(">2I", frame[16:FRAME_HEADER]):
                return Log(salt=salt, readable=readable, has_odd_frame=is_young and is_whole)
    return Log(salt=salt, readable=MOST, has_odd_frame=False)


def _checksum(content: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
