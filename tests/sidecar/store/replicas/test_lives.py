"""Which replicas live."""

from __future__ import annotations

from contextlib import closing

import pytest

from sidecar.store.database import Database
from sidecar.store.replicas.lives import living_replicas
from tests.sidecar.store.replicas.living import living

pytestmark = pytest.mark.anyio


async def test_a_replica_lives_as_long_as_its_connection(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        async with living(database, 1), living(database, 2):
            assert await database.read(living_replicas) == {1, 2}
        assert not await database.read(living_replicas)
