"""All jobs of the synchronisation with Zammad, wired together; replicas and `sync` take turns through the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import anyio
import structlog

from sidecar.calls.reasons import Reason, because
from sidecar.codes.readiness import Lacking
from sidecar.config import Settings
from sidecar.errors import StoreError
from sidecar.faults import reason_of
from sidecar.store.database import Connection, Database
from sidecar.store.journal.rules_copy import RulesCopy
from sidecar.store.people.attribute_names import keep_attribute_names
from sidecar.store.people.organizations import count_organizations
from sidecar.store.people.people import Change, count_people
from sidecar.store.people.refusals import count_refusals, forget_all_refusals
from sidecar.store.replicas.leases import release_lease, take_lease
from sidecar.sync.change_feed import ChangeFeed
from sidecar.sync.full_pass import FullPass, Progress
from sidecar.sync.intake import Intake, OnNumbersChanged, nothing_to_tell
from sidecar.sync.kept import Goal, keep_goal, kept_pass
from sidecar.sync.records import Reader
from sidecar.sync.repair import Repair, Repaired
from sidecar.sync.rules_in_force import RulesInForce
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError

READING_TURN = "full pass"  # names of leases
REPAIRING_TURN = "repair"
LEASE_SECONDS = 120.0  # longer than a page or a batch of repairs ever takes
WHILE_IT_RINGS = 5.0  # seconds
LAST_DIGITS = 6  # of a number: the only ones that hardly anybody writes with something between
REPAIR_RATE = 2.0  # writes a second while the service runs

log = structlog.get_logger()


class Synchronisation:
    """`rules` keeps the rules; the jobs below are run one after the other by whoever schedules them.

    Every job may raise ZammadError or StoreError, and is simply run again later.
    """

    def __init__(
        self,
        *,
        zammad: Zammad,
        database: Database,
        reader: Reader,
        keep_hidden: bool = True,
        holder: str,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        page_size: int = 500,
        pause: float = 0.2,
        configured_token: str | None = None,
        token_overlap: float = 3600.0,
        exempt_known: bool = True,
        quiet: Callable[[], Awaitable[None]] | None = None,
        on_numbers_changed: OnNumbersChanged = nothing_to_tell,
        copy: RulesCopy | None = None,
    ) -> None:
        self._zammad = zammad
        self._attributes = reader.attributes
        self._database = database
        self._holder = holder
        self._now = now
        self._sleep = sleep
        self.intake = Intake(
            database=database,
            reader=reader,
            now=now,
            on_numbers_changed=on_numbers_changed,
            on_blocked=self._reload_rules,
        )
        self.rules = RulesInForce(
            zammad=zammad,
            database=database,
            intake=self.intake,
            country=reader.country,
            keep_hidden=keep_hidden,
            now=now,
            configured_token=configured_token,
            token_overlap=token_overlap,
            exempt_known=exempt_known,
            copy=copy,
        )
        self._searches: bool | None = None
        self._feed = ChangeFeed(zammad=zammad, database=database, intake=self.intake, now=now)
        self._pass = FullPass(
            zammad=zammad,
            database=database,
            intake=self.intake,
            page_size=page_size,
            pause=pause,
            sleep=sleep,
            now=now,
            quiet=quiet,
        )
        self.zammad_problem: Reason | None = because(Lacking.NOT_ASKED)
        self._repair = Repair(zammad=zammad, database=database, intake=self.intake, sleep=sleep, now=now)

    async def poll_settings(self) -> None:
        """Also how the service finds out whether Zammad answers."""
        try:
            await self.rules.refresh()
        except ZammadError as error:
            self.zammad_problem = because(Lacking.ZAMMAD, error=reason_of(error))
            raise
        self.zammad_problem = None

    async def poll_changes(self) -> Change:
        return await self._feed.poll()

    async def pull_newest(self) -> None:
        """For `Directory`: what people have changed just now; a failure changes nothing."""
        try:
            await self._feed.poll_users()
        except (ZammadError, StoreError) as error:
            log.debug("pull_failed", reason=str(error))

    async def find_by_digits(self, digits: str) -> None:
        """For a caller nobody knows, as long as not everybody was read: Zammad is asked who has these last digits.

        Up to 5.x it does not search numbers. Gives up after a few seconds; a failure changes nothing.
        """
        try:
            with anyio.move_on_after(WHILE_IT_RINGS):
                if await self.never_read_everybody() and await self._searches_numbers():
                    await self.intake.take_users(await self._zammad.users_named(digits[-LAST_DIGITS:]))
        except (ZammadError, StoreError) as error:
            log.debug("caller_not_looked_for", reason=str(error))

    async def _searches_numbers(self) -> bool:
        """As do the versions that also search for nothing (docs/reference/zammad.md section 10.1): asked once."""
        if self._searches is None:
            self._searches = await self._zammad.searches_for_nothing()
        return self._searches

    async def full_pass_if_due(self, every: float) -> Change | None:
        """None where it is not due or another process is at it."""
        if not await self._pass.due(every) or not await self._keep_turn(READING_TURN):
            return None
        return await self._whole_pass()

    async def full_pass(self, progress: Progress | None = None) -> Change:
        """At once, as soon as no other process is at it."""
        await self._wait_for_turn(READING_TURN)
        return await self._whole_pass(progress)

    async def repair_slowly(self) -> Repaired:
        """A minute's worth; nothing where another process is at it."""
        if not await self._keep_turn(REPAIRING_TURN):
            return Repaired()
        return await self._repair_all(rate=REPAIR_RATE)

    async def forget_refusals(self) -> None:
        """Where nothing is repaired, nothing is refused."""
        if await self._database.read(count_refusals):
            await self._database.write(forget_all_refusals)

    async def repair_caller(self, person_id: int) -> Repaired:
        """Somebody calls, and Zammad may not know all of their numbers. A failure changes nothing."""
        try:
            return await self._repair.at_once(person_id)
        except (ZammadError, StoreError) as error:
            log.debug("caller_not_repaired", reason=str(error))
            return Repaired()

    async def repair_at_once(self, progress: Callable[[int], None] = lambda _written: None) -> Repaired:
        await self._wait_for_turn(REPAIRING_TURN)
        return await self._repair_all(progress=progress)

    async def never_read_everybody(self) -> bool:
        state = await self._database.read(kept_pass)
        return state.finished_at is None

    async def expected_counts(self) -> Mapping[str, int]:
        """How far each is to be read, in this order: how many organizations, up to which id of the users."""
        known = await self._database.read(_counts)
        try:
            highest = await self._zammad.highest_user_id()
        except ZammadError:
            return known
        return {**known, "users": max(known["users"], highest)}

    async def _set_goal(self) -> None:
        """So that the admin pages can say how far a pass is."""
        highest, state = await self._zammad.highest_user_id(), await self._database.read(kept_pass)
        from_id = state.after if state.begun_at is not None and state.what == "users" else 0
        now = self._now()
        goal = Goal(highest_id=highest, since=now, from_id=from_id)
        await self._database.write(lambda connection: keep_goal(connection, goal, now))

    async def _whole_pass(self, progress: Progress | None = None) -> Change:
        try:
            news = await self._feed.poll()  # first, so that the feed begins where the pass does
            await self._set_goal()
            rest = await self._pass.run(before_page=lambda: self._keep_turn(READING_TURN), progress=progress)
            await self._learn_names()
            return news + (rest or Change())
        finally:
            await self._give_turn_back(READING_TURN)

    async def _learn_names(self) -> None:
        """Of the further attributes that hold numbers, as Zammad shows them; most tokens may not read that."""
        if not self._attributes:
            return
        try:
            there = await self._zammad.attributes()
        except ZammadError:
            return
        shown = {each.name: each.display for each in there if each.object == "User" and each.display}
        names = {name: shown[name] for name in self._attributes if name in shown}
        await self._database.write(lambda connection: keep_attribute_names(connection, names, self._now()))

    async def _repair_all(
        self, *, rate: float | None = None, progress: Callable[[int], None] = lambda _written: None
    ) -> Repaired:
        try:
            return await self._repair.run(
                rate=rate, before_batch=lambda: self._keep_turn(REPAIRING_TURN), progress=progress
            )
        finally:
            await self._give_turn_back(REPAIRING_TURN)

    async def _wait_for_turn(self, lease: str) -> None:
        while not await self._keep_turn(lease):
            await self._sleep(1.0)

    async def _keep_turn(self, lease: str) -> bool:
        return await self._database.write(
            lambda connection: take_lease(connection, lease, self._holder, self._now(), LEASE_SECONDS)
        )

    async def _give_turn_back(self, lease: str) -> None:
        with anyio.CancelScope(shield=True):
            await self._database.write(lambda connection: release_lease(connection, lease, self._holder))

    async def _reload_rules(self) -> None:
        await self.rules.reload_if_newer()


def synchronisation_from(
    settings: Settings,
    *,
    zammad: Zammad,
    database: Database,
    holder: str,
    now: Callable[[], float],
    on_numbers_changed: OnNumbersChanged,
    quiet: Callable[[], Awaitable[None]] | None = None,
    copy: RulesCopy | None = None,
) -> Synchronisation:
    """As the configuration wants it. `holder` says who has a turn; in a `quiet` moment much may be read at once."""
    token = settings.sipgate.token
    return Synchronisation(
        zammad=zammad,
        database=database,
        reader=reader_from(settings),
        keep_hidden=settings.calls.keep_hidden,
        holder=holder,
        now=now,
        page_size=settings.sync.page_size,
        pause=settings.sync.pause,
        configured_token=token.get_secret_value() if token else None,
        token_overlap=settings.sipgate.token_overlap,
        exempt_known=settings.calls.exempt_known,
        quiet=quiet,
        on_numbers_changed=on_numbers_changed,
        copy=copy,
    )


def _counts(connection: Connection) -> Mapping[str, int]:
    return {"organizations": count_organizations(connection), "users": count_people(connection)}


def reader_from(settings: Settings) -> Reader:
    """How the configuration wants records to be read."""
    phone = settings.phone
    return Reader(country=phone.country, area_code=phone.area_code, attributes=phone.attributes)
