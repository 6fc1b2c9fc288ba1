"""Writes `cti_numbers`, so that Zammad finds every number of its customers (docs/reference/zammad.md section 2.2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

import structlog

from sidecar.store.database import Connection, Database
from sidecar.store.people import people
from sidecar.sync.intake import Intake, known_agents
from sidecar.sync.records import MAINTAINED
from zammad_client.client import Zammad
from zammad_client.errors import ZammadRefusedError
from zammad_client.records import User

STAFF = ("ticket.agent", "admin")  # whoever may do this is no customer, phone or not
BATCH = 100
PROBE_EVERY = 3600.0  # seconds between attempts while the attribute seems to be there and still takes no value

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    written: int = 0
    refused: int = 0  # Zammad says no to the record as it is; not tried again until something changes
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
        self._refused: set[people.Repair] = set()
        self._missing_since: float | None = None  # None: as far as is known the attribute is there
        self._next_probe = 0.0
        self._after = 0  # the highest id of this round

    async def run(
        self,
        *,
        rate: float | None = None,
        before_batch: Callable[[], Awaitable[bool]] | None = None,
        progress: Callable[[int], None] = lambda _written: None,
    ) -> Repaired:
        """Everything that is due; with a `rate` (writes a second) one batch of it, so that others get their turn.

        Raises: ZammadError where Zammad is not available, StoreError; the next run does the rest.
        """
        if self._missing_since is not None and not self._attribute_seen(self._missing_since):
            return Repaired(attribute_missing=True)
        total = Repaired()
        staff: Collection[int] | None = None
        while due := await self._due():
            if before_batch and not await before_batch():
                return total
            staff = await self._staff() if staff is None else staff
            total += await self._write_all([repair for repair in due if repair.person_id not in staff], rate)
            progress(total.written)
            if total.attribute_missing:
                return total
            self._after = due[-1].person_id
            if rate:
                return total
        return total

    async def _due(self) -> list[people.Repair]:
        """The next batch; at the end of a round none, and the next round begins.

        None either while the agents are unknown and might be taken for customers.
        """

        def find(connection: Connection) -> list[people.Repair]:
            if known_agents(connection) is None:
                return []
            return people.repairs_due(connection, self._after, BATCH)

        due = await self._database.read(find)
        if not due:
            self._after = 0
        return due

    async def _staff(self) -> set[int]:
        return {user.id for permission in STAFF for user in await self._zammad.users_with_permission(permission)}

    async def _write_all(self, due: Sequence[people.Repair], rate: float | None) -> Repaired:
        written = refused = 0
        for repair in due:
            if repair in self._refused:
                continue
            try:
                user = await self._zammad.update_user(repair.person_id, {MAINTAINED: repair.wanted})
            except ZammadRefusedError as error:
                log.info("repair_refused", user_id=repair.person_id, status=error.status)
                self._refused.add(repair)
                refused += 1
                continue
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
