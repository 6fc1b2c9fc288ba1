"""A number is given to the customer whose it is: written into Zammad as the agent, known here at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

import anyio

from sidecar.calls.numbers.placing import FIELDS, with_number, without_number
from sidecar.store.database import Database
from sidecar.store.replicas.leases import release_lease, take_lease
from zammad_client import Zammad
from zammad_client.records import User

LEASE = "numbers of customers"
LONGEST = 90.0  # seconds: longer than Zammad is waited for
PATIENCE = 10.0  # seconds that the next one waits
LOOK = 0.1  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    firstname: str
    lastname: str
    organization_id: int | None = None


class Customers:
    """To be used in one's `turn`; all of it raises ZammadError."""

    def __init__(
        self,
        *,
        zammad: Zammad,
        database: Database,
        country: str,
        learn: Callable[[Sequence[User]], Awaitable[object]],
        clock: Callable[[], float],
        patience: float = PATIENCE,
    ) -> None:
        self._zammad = zammad
        self._database = database
        self._country = country
        self._learn = learn  # calls of the number bear the name as soon as this returns
        self._clock = clock
        self._patience = patience

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Of two agents, on whatever replica, the second sees what the first has done.

        Raises: TimeoutError where somebody else does not come to an end; StoreError.
        """
        holder = str(uuid4())
        with anyio.fail_after(self._patience):
            while not await self._try_turn(holder):  # noqa: ASYNC110 - another replica cannot wake this one
                await anyio.sleep(LOOK)
        try:
            yield
        finally:
            with anyio.CancelScope(shield=True):
                await self._database.write(partial(release_lease, name=LEASE, holder=holder))

    async def _try_turn(self, holder: str) -> bool:
        now = self._clock()
        return await self._database.write(lambda connection: take_lease(connection, LEASE, holder, now, LONGEST))

    async def give(self, digits: str, person_id: int, *, agent_id: int) -> User:
        """Nothing is written where the number is there already."""
        user = await self._zammad.user(person_id)
        return await self._changed(user, with_number(_fields(user), digits, self._country), agent_id)

    async def take_back(self, digits: str, person_id: int, *, agent_id: int) -> User:
        user = await self._zammad.user(person_id)
        return await self._changed(user, without_number(_fields(user), digits, self._country), agent_id)

    async def make(self, digits: str, customer: NewCustomer, *, agent_id: int) -> User:
        record: dict[str, Any] = {
            "firstname": customer.firstname,
            "lastname": customer.lastname,
            "roles": ["Customer"],
            **with_number({}, digits, self._country),
        }
        if customer.organization_id is not None:
            record["organization_id"] = customer.organization_id
        made = await self._zammad.create_user(record, on_behalf_of=str(agent_id))
        await self._learn([made])
        return made

    async def _changed(self, user: User, changes: Mapping[str, str], agent_id: int) -> User:
        if changes:
            user = await self._zammad.update_user(user.id, changes, on_behalf_of=str(agent_id))
            await self._learn([user])
        return user


def _fields(user: User) -> Mapping[str, str]:
    own = {"phone": user.phone, "mobile": user.mobile}
    return {name: own.get(name, user.texts.get(name, "")) for name in FIELDS}
