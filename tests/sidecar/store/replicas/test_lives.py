"""Which replicas live."""

from __future__ import annotations

from contextlib import closing

import anyio
import pytest

from sidecar.store.database import Database
from sidecar.store.replicas.lives import living_replicas
from tests.sidecar.store.replicas.living import living

pytestmark = pytest.mark.anyio


async def test_a_replica_lives_as_long_as_its_connection(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        async with living(database, 1), living(database, 2):
            assert await database.read(living_replicas) == {1, 2}
        with anyio.fail_after(10):  # the server is told of the closed connection, and frees what it held
            while await database.read(living_replicas):
                await anyio.sleep(0.01)
