"""A replica that others can see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sidecar.store.database import Database
from sidecar.store.replicas.lives import living_replicas, show_life
from tests.waiting import until


@asynccontextmanager
async def living(database: Database, replica: int) -> AsyncIterator[None]:
    """The server is told of the closed connection at the end, and frees what it held a moment later."""
    async with database.connected_aside() as connection:
        await show_life(connection, replica)
        yield

    async def is_gone() -> bool:
        return replica not in await database.read(living_replicas)

    await until(is_gone)
