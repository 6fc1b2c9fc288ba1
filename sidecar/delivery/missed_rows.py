"""Whoever called a missed number back has done so in Zammad's own log too, as far as its rows are still listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sidecar.store.database import Database
from sidecar.store.missed.zammad_rows import RowsToMark, rows_to_mark, save_marks
from zammad_client import Zammad
from zammad_client.errors import ZammadRefusedError
from zammad_client.records import CallLogRow


class MissedRows:
    def __init__(self, *, zammad: Zammad, database: Database, clock: Callable[[], float]) -> None:
        self._zammad = zammad
        self._database = database
        self._clock = clock

    async def mark(self) -> None:
        """Mark what waits. Raises: ZammadError where Zammad cannot be asked; what is not done yet is done next time."""
        waiting = await self._database.read(rows_to_mark)
        if not waiting:
            return
        listed = {row.call_id: row for row in await self._zammad.call_log()}
        for rows in waiting:
            await self._mark(rows, listed)

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
