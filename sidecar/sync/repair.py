"""Writes `cti_numbers`, so that Zammad finds every number of its customers (docs/reference/zammad.md section 2.2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from math import inf

import structlog

from sidecar.store.database import Connection, Database
from sidecar.store.people import people
from sidecar.sync.intake import Intake, known_agents
from sidecar.sync.records import MAINTAINED
from sidecar.sync.refusals import Refusals
from zammad_client.client import Zammad
from zammad_client.errors import ZammadRefusedError
from zammad_client.records import User

STAFF = ("ticket.agent", "admin")  # whoever may do this is no customer, phone or not
BATCH = 100
ONE_ROUND = 60.0  # seconds for which the last list of who is no customer is good enough,
STAFF_FOR = 600.0  # and for a caller in hand
PROBE_EVERY = 3600.0  # seconds between attempts while the attribute seems to be there and still takes no value

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    written: int = 0
    refused: int = 0  # Zammad says no to the record as it is: kept, and tried again by itself
    attribute_missing: bool = False

    def __add__(self, other: Repaired) -> Repaired:
        return Repaired(
            written=self.written + other.written,
            refused=self.refused + other.refused,
            attribute_missing=self.attribute_missing or other.attribute_missing,
        )


class Repair:
    """Only that one attribute of active customers, and only where it must differ; one write after the other.

    What is due stands in the database, so that an interrupted repair goes on where it was. Once an answer does not show
    what was written the attribute is not installed: nothing more is written until it is seen.
    """

    def __init__(
        self,
        *,
        zammad: Zammad,
        database: Database,
        intake: Intake,
        sleep: Callable[[float], Awaitable[None]],
        now: Callable[[], float],
    ) -> None:
        self._zammad = zammad
        self._database = database
        self._intake = intake
        self._sleep = sleep
        self._now = now
        self._refusals = Refusals(zammad=zammad, database=database, now=now)
        self._missing_since: float | None = None  # None: as far as is known the attribute is there
        self._next_probe = 0.0
        self._after = 0  # the highest id of this round
        self._staff: Collection[int] = ()
        self._staff_read_at = -inf

    async def run(
        self,
        *,
        rate: float | None = None,
        before_batch: Callable[[], Awaitable[bool]] | None = None,
        progress: Callable[[int], None] = lambda _written: None,
    ) -> Repaired:
        """Everything that is due; with a `rate` (writes a second) one batch, going on where the last one ended.

        Raises: ZammadError where Zammad is not available, StoreError; the next run does the rest.
        """
        if self._missing_since is not None and not self._attribute_seen(self._missing_since):
            return Repaired(attribute_missing=True)
        total = Repaired()
        await self._refusals.ask_again()
        self._after = self._after if rate else 0
        while due := await self._due(begin_anew=bool(rate)):
            if before_batch and not await before_batch():
                return total
            await self._read_staff(good_for=ONE_ROUND)
            total += await self._write_all([repair for repair in due if repair.person_id not in self._staff], rate)
            progress(total.written)
            if total.attribute_missing:
                return total
            self._after = due[-1].person_id
            if rate:
                return total
        return total

    async def at_once(self, person_id: int) -> Repaired:
        """Of this one person, who calls: from their record as it is now. Raises: ZammadError, StoreError."""
        if self._missing_since is not None or not await self._due_of(person_id):
            return Repaired()
        await self._read_staff(good_for=STAFF_FOR)
        if person_id in self._staff:
            return Repaired()
        await self._intake.take_users([await self._zammad.user(person_id)])
        return await self._write_all(await self._due_of(person_id), None)

    async def _due(self, *, begin_anew: bool) -> list[people.Repair]:
        """The next batch; at the end of a round none, or the first one of the next.

        None either while the agents are unknown and might be taken for customers.
        """

        def find(connection: Connection) -> list[people.Repair]:
            if known_agents(connection) is None:
                return []
            now = self._now()
            due = people.repairs_due(connection, self._after, BATCH, now=now)
            return due or (people.repairs_due(connection, 0, BATCH, now=now) if begin_anew and self._after else [])

        return await self._database.read(find)

    async def _due_of(self, person_id: int) -> list[people.Repair]:
        def find(connection: Connection) -> list[people.Repair]:
            known = known_agents(connection) is not None
            return people.repairs_of(connection, [person_id], now=self._now()) if known else []

        return await self._database.read(find)

    async def _read_staff(self, *, good_for: float) -> None:
        """Who is no customer, unless that was read within so many seconds."""
        if self._now() - self._staff_read_at >= good_for:
            found = [await self._zammad.users_with_permission(permission) for permission in STAFF]
            self._staff = {user.id for users in found for user in users}
            self._staff_read_at = self._now()

    async def _write_all(self, due: Sequence[people.Repair], rate: float | None) -> Repaired:
        written = refused = 0
        for repair in due:
            try:
                user = await self._zammad.update_user(repair.person_id, {MAINTAINED: repair.wanted})
            except ZammadRefusedError as error:
                if not await self._refusals.keep(repair.person_id, error):
                    await self._intake.forget_users([repair.person_id])
                    continue
                refused += 1
            else:
                if user.texts.get(MAINTAINED, "") != repair.wanted:
                    self._stop()
                    return Repaired(written=written, refused=refused, attribute_missing=True)
                await self._go_on(user)
                written += 1
            if rate:
                await self._sleep(1 / rate)
        return Repaired(written=written, refused=refused)

    async def _go_on(self, user: User) -> None:
        self._missing_since = None
        await self._refusals.passed(user.id)
        await self._intake.take_users([user])

    def _stop(self) -> None:
        if self._missing_since is None:
            log.warning("repair_stopped", reason="an answer did not show cti_numbers: run `sipgate-sidecar install`")
        else:
            self._next_probe = self._now() + PROBE_EVERY
        self._missing_since = self._now()

    def _attribute_seen(self, since: float) -> bool:
        seen_at = self._intake.attributes_seen_at
        return seen_at is not None and seen_at > since and self._now() >= self._next_probe
