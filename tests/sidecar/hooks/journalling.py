"""What tests of the journal share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import text

from sidecar.store.database import Database
from sidecar.store.journal.hooks import recent_hooks


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Another process keeps the table to itself."""
    with database.writing() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("LOCK TABLE hooks IN ACCESS EXCLUSIVE MODE"))
        yield


def stored(database: Database) -> list[str | None]:
    with database.reading() as connection:
        return [hook.call_id for hook in recent_hooks(connection, limit=20_000)][::-1]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.005)
