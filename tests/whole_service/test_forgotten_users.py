"""A user deleted in Zammad is forgotten with the next full pass, in the directory and beside the calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from sidecar.store.calls.tables import conversations
from sidecar.store.metadata import metadata
from sidecar.store.privacy.traces import text_of
from tests.sentences import said_by
from tests.service import Service, prepared, serving, until_ready
from tests.waiting import until
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio


@pytest.fixture
def sim() -> Simulator:
    return prepared(Simulator())


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


def delete_in_zammad(sim: Simulator, user_id: int) -> None:
    """As its data privacy tasks do it, which leave no trace in the user list."""
    with sim.lock:
        sim.people.ids.remove(user_id)
        for kept in (sim.people._by_id, sim.people._recency):
            kept.pop(user_id)


def callers(service: Service) -> list[tuple[int | None, str, str | None]]:
    own = conversations.c
    with service.sidecar.database.reading() as connection:
        rows = connection.execute(select(own.person_id, own.identified_as, own.certainty))
        return [(row.person_id, said_by(row.identified_as), row.certainty) for row in rows]


def everything(service: Service) -> str:
    with service.sidecar.database.reading() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table)).mappings()]
    return "\n".join(text_of(dict(row)) for row in rows)


async def test_a_deleted_user_is_forgotten(sim: Simulator, url: str, database_url: str) -> None:
    customer = sim.add_user("Nina", "Vergesslich", phone="030/5551234")
    async with serving(url, database_url, sim) as service:
        await until_ready(service)
        await until(lambda: "Vergesslich" in everything(service))
        await service.call("c-1", caller="49305551234")
        await until(lambda: callers(service) == [(customer["id"], "phone of Nina Vergesslich", "certain")])
        delete_in_zammad(sim, customer["id"])
        await service.sidecar._sync.full_pass()
        await until(lambda: callers(service) == [(None, "number not known", "unknown")])
        await until(lambda: "vergesslich" not in everything(service).casefold())
