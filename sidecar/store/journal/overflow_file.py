"""The local journal in its second use: hooks that the database is still to take, oldest first."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import structlog

from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError
from sidecar.store.failures import RefusedError
from sidecar.store.journal.local import LocalJournal, transaction
from sidecar.store.journal.rows import NAMES, Doubt, HookRow
from sidecar.store.journal.salvage import finish_replacing, is_damaged, is_empty, replace_damaged, tells_of_damage
from sidecar.store.write_ahead_log import keep_torn_logs

PATIENCE = 0.1  # seconds for another process to let go of the file: a phone waits
_OLDEST = (
    f"SELECT id, process, above, {', '.join(NAMES)} FROM hooks LEFT JOIN doubts ON hook_id = id"  # noqa: S608 - the names of our own columns
    " ORDER BY id LIMIT ?"
)
_DOUBT = "INSERT OR REPLACE INTO doubts (hook_id, process, above) SELECT value, ?, ? FROM json_each(?)"
_FORGET = (
    "DELETE FROM doubts WHERE hook_id IN (SELECT value FROM json_each(?))",
    "DELETE FROM hooks WHERE id IN (SELECT value FROM json_each(?))",
)

T = TypeVar("T")

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingHook:
    id: int  # in the file
    row: HookRow
    doubt: Doubt | None  # None: no database was ever given it


class OverflowFile:
    """Safe to use from any thread. Every method raises StoreError where the file cannot be used.

    A damaged file is no reason: it is set aside, and what can be read of it goes on in another one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._journal = LocalJournal(path, patience=PATIENCE)

    def examine(self) -> None:
        """Before anybody uses it."""
        finish_replacing(self.path)
        keep_torn_logs(self.path)
        if is_empty(self.path) or (self.path.exists() and is_damaged(self.path)):
            self._mend()

    def _mend(self) -> None:
        self._journal.close()
        replace_damaged(self.path)
        self._journal.renew()

    def _with_file(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with self._journal.opened() as connection:
                return work(connection)
        except StoreError as error:
            if not tells_of_damage(error):
                raise
            self._mend()
        with self._journal.opened() as connection:
            return work(connection)

    def append(self, rows: Sequence[HookRow], doubt: Doubt | None) -> dict[int, str]:
        """On disk, in this order; the places of those that the file will never take, with the reason."""
        try:
            self._append(rows, doubt)
        except RefusedError:
            return self._append_singly(rows, doubt)
        return {}

    def _append(self, rows: Sequence[HookRow], doubt: Doubt | None) -> None:
        """Where somebody has taken the file away, or it is damaged: to a fresh one."""
        try:
            self._journal.append(rows, doubt)
        except StoreError as error:
            if tells_of_damage(error):
                self._mend()
            elif error.reason.code == Unusable.REPLACED:
                logger.warning("journal_file_replaced", file=str(self.path), effect="what was in it is lost")
                self._journal.renew()
            else:
                raise
            self._journal.append(rows, doubt)

    def _append_singly(self, rows: Sequence[HookRow], doubt: Doubt | None) -> dict[int, str]:
        refused = {}
        for place, row in enumerate(rows):
            try:
                self._append([row], doubt)
            except RefusedError as error:
                refused[place] = type(error.__cause__).__name__
        return refused

    def oldest(self, count: int) -> list[WaitingHook]:
        if not self.path.exists():  # it is made when it is needed
            return []
        rows = self._with_file(lambda connection: connection.execute(_OLDEST, (count,)).fetchall())
        return list(_waiting_in(rows))

    def count(self) -> int:
        if not self.path.exists():
            return 0
        count: int = self._with_file(lambda file: file.execute("SELECT count(*) FROM hooks").fetchone()[0])
        return count

    def note_doubt(self, ids: Collection[int], doubt: Doubt) -> None:
        """A database is about to be given these."""
        values = (doubt.process, doubt.above, json.dumps(list(ids)))
        self._with_file(lambda file: file.execute(_DOUBT, values))

    def forget(self, ids: Collection[int]) -> None:
        numbers = json.dumps(list(ids))

        def delete(file: sqlite3.Connection) -> None:
            with transaction(file):
                for statement in _FORGET:
                    file.execute(statement, (numbers,))

        self._with_file(delete)

    def try_out(self) -> None:
        """It can be written."""
        self.note_doubt([0], Doubt(process=0, above=0))  # there is no such hook

    def leave_nothing_behind(self) -> None:
        """What was deleted is not in the log either."""
        if not self.path.exists():
            return
        with self._journal.opened() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self._journal.close()


def _waiting_in(rows: Sequence[tuple[Any, ...]]) -> Iterator[WaitingHook]:
    for number, process, above, *values in rows:
        fields = dict(zip(NAMES, values, strict=True))
        row = HookRow(**{**fields, "rejected": bool(fields["rejected"])})
        yield WaitingHook(id=number, row=row, doubt=None if process is None else Doubt(process=process, above=above))
