"""A number is given to the customer whose it is: written into Zammad as the agent, known here at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anyio

from sidecar.calls.numbers.placing import FIELDS, with_number, without_number
from zammad_client import Zammad
from zammad_client.records import User


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    firstname: str
    lastname: str
    organization_id: int | None = None


class Customers:
    """One at a time: of two agents the second sees what the first has done. All of it raises ZammadError."""

    def __init__(self, *, zammad: Zammad, country: str, learn: Callable[[Sequence[User]], Awaitable[object]]) -> None:
        self._zammad = zammad
        self._country = country
        self._learn = learn  # calls of the number bear the name as soon as this returns
        self.turn = anyio.Lock()

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
