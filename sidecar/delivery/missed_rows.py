"""Whoever called a missed number back has done so in Zammad's own log too, and who ticks it there has done so here.

As far as its rows are still listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sidecar.store.database import Connection, Database
from sidecar.store.missed.acts import close_as_ticked
from sidecar.store.missed.zammad_rows import RowsToMark, WatchedRow, rows_to_mark, rows_to_watch, save_marks
from zammad_client import Zammad
from zammad_client.errors import ZammadRefusedError
from zammad_client.records import CallLogRow

LOOK = 18.0  # seconds between looks for rows that were ticked


class MissedRows:
    def __init__(self, *, zammad: Zammad, database: Database, clock: Callable[[], float]) -> None:
        self._zammad = zammad
        self._database = database
        self._clock = clock
        self._next_look = 0.0

    async def follow(self) -> None:
        """Mark what waits, and close what was ticked.

        Raises: ZammadError where Zammad cannot be asked; what is not done yet is done next time.
        """
        waiting, watched = await self._database.read(rows_to_mark), await self._watched()
        if not waiting and not watched:
            return
        listed = {row.call_id: row for row in await self._zammad.call_log()}
        for rows in waiting:
            await self._mark(rows, listed)
        if ticked := [row for row in watched if row.call_id in listed and listed[row.call_id].done]:
            await self._database.write(lambda connection: self._close(connection, ticked))

    async def _watched(self) -> Sequence[WatchedRow]:
        """Looked at less often than what has to be marked: whoever ticks a row waits for nothing."""
        now = self._clock()
        if now < self._next_look:
            return ()
        self._next_look = now + LOOK
        return await self._database.read(rows_to_watch)

    def _close(self, connection: Connection, ticked: Sequence[WatchedRow]) -> None:
        for row in ticked:
            close_as_ticked(connection, row.entry, last_call_id=row.last_call_id, now=self._clock())

    async def _mark(self, rows: RowsToMark, listed: Mapping[str, CallLogRow]) -> None:
        marked = gone = 0
        for call_id in rows.call_ids:
            row = listed.get(call_id)
            if row is not None and await self._is_done(row):
                marked += 1
            else:
                gone += 1
        now = self._clock()
        await self._database.write(
            lambda connection: save_marks(connection, rows.entry, marked=marked, gone=gone, now=now)
        )

    async def _is_done(self, row: CallLogRow) -> bool:
        if row.done:
            return True
        try:
            await self._zammad.mark_done(row.id)
        except ZammadRefusedError as error:
            if error.status == 404:  # noqa: PLR2004 - it was removed a moment ago
                return False
            raise
        return True
