"""A delivery that Zammad has refused for good."""

from __future__ import annotations

from sqlalchemy import select, update

from sidecar.store.calls.tables import outbox
from tests.sidecar.web.admin.admins import Desk
from tests.waiting import until


async def dead_parcel(desk: Desk) -> int:
    await desk.service.call("x")
    database = desk.service.sidecar.database

    def settled() -> bool:
        with database.reading() as connection:
            states = list(connection.execute(select(outbox.c.state)).scalars())
        return len(states) >= 2 and set(states) == {"done"}

    await until(settled)
    with database.writing() as connection:
        number = connection.execute(select(outbox.c.id).order_by(outbox.c.id).limit(1)).scalar_one()
        dead = {"state": "dead", "note": "422: <refused>"}
        connection.execute(update(outbox).where(outbox.c.id == number).values(**dead))
    return int(number)
