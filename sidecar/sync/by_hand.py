"""One synchronisation begun by a person; what the service does in the background waits meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import anyio
from sqlalchemy import Connection

from sidecar.store.database import Database
from sidecar.store.organizations import count_organizations
from sidecar.store.people import Change, count_people
from sidecar.sync.change_feed import ChangeFeed
from sidecar.sync.full_pass import FullPass, Progress, load_state
from sidecar.sync.intake import Intake, OnNumbersChanged, nothing_to_tell
from sidecar.sync.repair import Repair, Repaired
from sidecar.sync.rules_in_force import RulesInForce
from sidecar.sync.turns import give_turn_back, take_turn
from zammad_client.client import Zammad


class SyncByHand:
    """The steps of the command `sync`, in the order of the methods.

    Each may raise ZammadError or StoreError; begun again it goes on where it was.
    """

    def __init__(
        self,
        *,
        zammad: Zammad,
        database: Database,
        country: str,
        holder: str,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        page_size: int = 500,
        pause: float = 0.2,
        configured_token: str | None = None,
        token_overlap: float = 3600.0,
        on_numbers_changed: OnNumbersChanged = nothing_to_tell,
    ) -> None:
        self._database = database
        self._holder = holder
        self._now = now
        self._sleep = sleep
        intake = Intake(database=database, country=country, now=now, on_numbers_changed=on_numbers_changed)
        self.rules = RulesInForce(
            zammad=zammad,
            database=database,
            intake=intake,
            country=country,
            now=now,
            configured_token=configured_token,
            token_overlap=token_overlap,
        )
        self._feed = ChangeFeed(zammad=zammad, database=database, intake=intake, now=now)
        self._full_pass = FullPass(
            zammad=zammad,
            database=database,
            intake=intake,
            page_size=page_size,
            pause=pause,
            sleep=sleep,
            now=now,
            by_hand=True,
        )
        self._repair = Repair(zammad=zammad, database=database, intake=intake, sleep=sleep, now=now, by_hand=True)

    async def wait_for_turn(self) -> None:
        """Returns once no other person synchronises."""
        while not await self._keep_turn():
            await self._sleep(1.0)

    async def give_turn_back(self) -> None:
        with anyio.CancelScope(shield=True):
            await self._database.write(lambda connection: give_turn_back(connection, self._holder))

    async def read_rules(self) -> None:
        """Settings and agents."""
        await self.rules.refresh()

    async def read_changes(self) -> Change:
        return await self._feed.poll()

    async def read_everybody(self, progress: Progress | None = None) -> Change:
        rest = await self._full_pass.run(before_page=self._keep_turn, progress=progress)
        return rest or Change()

    async def repair(self, progress: Callable[[int], None] = lambda _written: None) -> Repaired:
        """At once, not slowly as the service does it."""
        return await self._repair.run(before_batch=self._keep_turn, progress=progress)

    async def never_read_everybody(self) -> bool:
        state = await self._database.read(load_state)
        return state.finished_at is None

    async def expected_counts(self) -> Mapping[str, int]:
        """How many organizations and users were known last, in the order in which they are read."""
        return await self._database.read(_counts)

    async def _keep_turn(self) -> bool:
        return await self._database.write(lambda connection: take_turn(connection, self._holder, self._now()))


def _counts(connection: Connection) -> Mapping[str, int]:
    return {"organizations": count_organizations(connection), "users": count_people(connection)}
