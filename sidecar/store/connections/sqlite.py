"""How this product uses SQLite: durable, and nothing of what is deleted left in the file."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from tenacity import Retrying, retry_if_exception_message, stop_after_delay, wait_random

SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # fsync before a commit returns
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is deleted is overwritten: whoever is forgotten is not in the file any more
    "PRAGMA journal_size_limit=67108864",
)
PATIENCE = 5.0  # seconds for another process to let go of a file
OPTIONS: dict[str, object] = {"timeout": PATIENCE, "uri": True}  # URI: how the local journal is named


_making = Lock()


class _Connection(Protocol):
    def cursor(self) -> Any: ...


# A new file is put into WAL mode by whoever comes first; others are told at once that it is locked.
_while_it_is_new = Retrying(
    retry=retry_if_exception_message(match="database is locked"),
    wait=wait_random(0.01, 0.05),
    stop=stop_after_delay(PATIENCE),
    reraise=True,
)


def make_private(path: Path) -> None:
    """A file for its owner alone where there is none; a log that another one of this name has left would be read."""
    with _making:
        if path.exists() or not path.parent.is_dir():
            return
        for left in ("-wal", "-shm"):
            path.with_name(f"{path.name}{left}").unlink(missing_ok=True)
        path.touch(mode=0o600)


def prepare(connection: _Connection) -> None:
    _while_it_is_new(execute_all, connection, SETTINGS)


def execute_all(connection: _Connection, statements: tuple[str, ...]) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()
