"""Takes users and organizations in as they come from Zammad, whichever way they came."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

from anyio import to_thread

from sidecar.calls.rules.block_list import BlockedNumber, marked_organization, marked_person
from sidecar.store.calls.conversations import numbers_at_organization, numbers_beginning
from sidecar.store.database import Connection, Database
from sidecar.store.people.loose_numbers import LONGEST_EXTENSION
from sidecar.store.people.organizations import (
    OrganizationRecord,
    blocked_organization_numbers,
    delete_organizations,
    readings_of_organizations,
    write_organizations,
)
from sidecar.store.people.people import (
    NONE_NEWER,
    Change,
    NumberRange,
    Person,
    RecordState,
    blocked_people_numbers,
    delete_people,
    mark_agents,
    readings_of_people,
    write_people,
)
from sidecar.sync.kept import keep_agents, keep_blocked, kept_agents, note_known_numbers
from sidecar.sync.records import MAINTAINED, Reader, agent_from, organization_record_from, person_from
from zammad_client.records import Organization, User

PORTION = 100  # people written in one transaction: hooks want to be written, too

OnNumbersChanged = Callable[[Connection, frozenset[str]], None]


def nothing_to_tell(_connection: Connection, _digits: frozenset[str]) -> None:
    """Where nobody wants to know whose numbers have changed."""


class Intake:
    """Writes only what differs, people in portions of a transaction each.

    In the same transaction it tells `on_numbers_changed` the numbers of which something else is known now; the list of
    blocked numbers is kept as a snapshot, and `on_blocked` awaited after a commit that changed it.
    """

    def __init__(
        self,
        *,
        database: Database,
        reader: Reader,
        now: Callable[[], float],
        on_numbers_changed: OnNumbersChanged = nothing_to_tell,
        on_blocked: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._database = database
        self._reader = reader
        self._now = now
        self._on_numbers_changed = on_numbers_changed
        self._on_blocked = on_blocked
        self.attributes_seen_at: float | None = None  # when a record last showed the sidecar's own attributes

    @property
    def read_as(self) -> str:
        """How records are read now; those that were read otherwise are read again when they come."""
        return self._reader.read_as

    async def newer_people(self, users: Sequence[User]) -> Mapping[int, float]:
        """Of which of them a newer state is kept, by id: its `updated_at`."""
        kept = await self._database.read(lambda connection: readings_of_people(connection, [user.id for user in users]))
        return _newer(users, kept)

    async def newer_organizations(self, organizations: Sequence[Organization]) -> Mapping[int, float]:
        ids = [organization.id for organization in organizations]
        return _newer(
            organizations, await self._database.read(lambda connection: readings_of_organizations(connection, ids))
        )

    async def take_users(self, users: Sequence[User], instead_of: Mapping[int, float] = NONE_NEWER) -> Change:
        """`instead_of`: what of `newer_people` gives way, unless something else has come in its place meanwhile."""
        if any("cti_blocked" in user.flags or MAINTAINED in user.texts for user in users):
            self.attributes_seen_at = self._now()
        agents, kept = await self._database.read(lambda connection: self._known(connection, users))
        fresh = [(user, user.id in agents) for user in users if kept.get(user.id) != self._reading(user, agents)]
        if not fresh:
            return Change()
        people = await to_thread.run_sync(self._people, fresh)
        change = Change()
        for start in range(0, len(people), PORTION):
            some = people[start : start + PORTION]
            change += await self._write(partial(write_people, records=some, instead_of=instead_of))
        return change

    async def take_organizations(
        self, organizations: Sequence[Organization], instead_of: Mapping[int, float] = NONE_NEWER
    ) -> Change:
        ids = [organization.id for organization in organizations]
        kept = await self._database.read(lambda connection: readings_of_organizations(connection, ids))
        records = [
            self._organization(organization)
            for organization in organizations
            if kept.get(organization.id)
            != RecordState(updated_at=organization.updated_at.timestamp(), read_as=self.read_as)
        ]
        if not records:
            return Change()
        return await self._write(lambda connection: write_organizations(connection, records, instead_of))

    async def take_agents(self, agents: Sequence[User]) -> Change:
        """These are all the agents, kept as a snapshot. Their records are taken in at once, before any full pass."""
        change = await self._write(lambda connection: self._keep_agents(connection, agents))
        return change + await self.take_users(agents)

    def _keep_agents(self, connection: Connection, agents: Sequence[User]) -> Change:
        keep_agents(connection, map(agent_from, agents), self._now())
        return mark_agents(connection, [user.id for user in agents])

    async def forget_users(self, ids: Collection[int]) -> Change:
        return await self._write(lambda connection: delete_people(connection, ids))

    async def forget_organizations(self, ids: Collection[int]) -> Change:
        return await self._write(lambda connection: delete_organizations(connection, ids))

    def _known(self, connection: Connection, users: Sequence[User]) -> tuple[set[int], dict[int, RecordState]]:
        return known_agents(connection) or set(), readings_of_people(connection, [user.id for user in users])

    def _reading(self, user: User, agents: Collection[int]) -> RecordState:
        return RecordState(updated_at=user.updated_at.timestamp(), read_as=self.read_as, is_agent=user.id in agents)

    def _people(self, users: Sequence[tuple[User, bool]]) -> list[Person]:
        return [person_from(user, is_agent=is_agent, reader=self._reader) for user, is_agent in users]

    def _organization(self, organization: Organization) -> OrganizationRecord:
        return organization_record_from(organization, self._reader)

    async def _write(self, work: Callable[[Connection], Change]) -> Change:
        change, blocked_changed = await self._database.write(lambda connection: self._written(connection, work))
        if blocked_changed and self._on_blocked:
            await self._on_blocked()
        return change

    def _written(self, connection: Connection, work: Callable[[Connection], Change]) -> tuple[Change, bool]:
        change = _with_callers(connection, work(connection))
        if change.digits:
            self._on_numbers_changed(connection, change.digits)
            note_known_numbers(connection, self._now(), begin=False)
        if not change:
            return change, False
        return change, keep_blocked(connection, _blocked_numbers(connection), self._now())


def _with_callers(connection: Connection, change: Change) -> Change:
    """With the numbers that have called from the ranges of main numbers and from blocks of extensions."""
    return replace(change, digits=change.digits.union(*(_called_from(connection, each) for each in change.ranges)))


def _called_from(connection: Connection, numbers: NumberRange) -> set[str]:
    if numbers.organization_id is None:
        return numbers_beginning(connection, numbers.prefix, most=LONGEST_EXTENSION)
    return numbers_at_organization(connection, numbers.organization_id, numbers.prefix)


def _newer(listed: Sequence[User] | Sequence[Organization], kept: Mapping[int, RecordState]) -> Mapping[int, float]:
    return {
        record.id: kept[record.id].updated_at
        for record in listed
        if record.id in kept and kept[record.id].updated_at > record.updated_at.timestamp()
    }


def known_agents(connection: Connection) -> set[int] | None:
    """Ids of the agents as last read; None: never read."""
    agents = kept_agents(connection)
    return None if agents is None else {agent.id for agent in agents}


def _blocked_numbers(connection: Connection) -> list[BlockedNumber]:
    """A person's own mark gives the better reason and comes first."""
    people = [marked_person(digits, name) for digits, name in blocked_people_numbers(connection)]
    organizations = [marked_organization(*blocked) for blocked in blocked_organization_numbers(connection)]
    return [*people, *organizations]
