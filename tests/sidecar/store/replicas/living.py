"""A replica that others can see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sidecar.store.database import Database
from sidecar.store.replicas.lives import show_life


@asynccontextmanager
async def living(database: Database, replica: int) -> AsyncIterator[None]:
    async with await database.connect_aside() as connection:
        await show_life(connection, replica)
        yield
