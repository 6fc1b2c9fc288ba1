"""A replica that others can see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from sidecar.store.database import Database
from sidecar.store.replicas.lives import living_replicas, show_life


@asynccontextmanager
async def living(database: Database, replica: int) -> AsyncIterator[None]:
    """The server is told of the closed connection at the end, and frees what it held a moment later."""
    async with await database.connect_aside() as connection:
        await show_life(connection, replica)
        yield
    with anyio.fail_after(60):
        while replica in await database.read(living_replicas):
            await anyio.sleep(0.01)
