"""Reads every organization and user of Zammad, page by page, and notices who is gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from anyio import move_on_after

from sidecar.store.database import Connection, Database
from sidecar.store.people.organizations import organization_ids_between
from sidecar.store.people.people import Change, people_ids_between
from sidecar.sync.intake import Intake
from sidecar.sync.kept import PassState, keep_pass, keep_reading, kept_pass, kept_reading, note_known_numbers
from zammad_client import errors
from zammad_client.client import Zammad
from zammad_client.records import Organization, User

Record = TypeVar("Record", User, Organization)
STALE = 86400.0  # an interrupted pass older than this begins anew
PATIENCE = 30.0  # seconds a page waits at most for a quiet moment
GONE = 404

Progress = Callable[[str, int], None]  # users | organizations, how many so far


def ask_for_full_pass(connection: Connection, now: float) -> None:
    """The last pass no longer counts, for instance because the change feed has fallen behind."""
    keep_pass(connection, replace(kept_pass(connection), finished_at=None), now)


class FullPass:
    """Polite: one request at a time, a pause after each page, and each page waits for a quiet moment first."""

    def __init__(
        self,
        *,
        zammad: Zammad,
        database: Database,
        intake: Intake,
        page_size: int,
        pause: float,
        sleep: Callable[[float], Awaitable[None]],
        now: Callable[[], float],
        quiet: Callable[[], Awaitable[None]] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._zammad = zammad
        self._database = database
        self._intake = intake
        self._page_size = page_size
        self._pause = pause
        self._sleep = sleep
        self._now = now
        self._quiet = quiet
        self._patience = patience

    async def due(self, every: float) -> bool:
        """The last one is too long ago, was interrupted or read otherwise than is read now, or there was none."""
        state, as_now = await self._database.read(self._last)
        if state.begun_at is not None or state.finished_at is None or not as_now:
            return True
        return self._now() - state.finished_at >= every

    async def run(
        self, *, before_page: Callable[[], Awaitable[bool]] | None = None, progress: Progress | None = None
    ) -> Change | None:
        """What changed; None where `before_page` said stop. Goes on where an interrupted pass has ended.

        Raises: ZammadError, StoreError; the next run goes on from there.
        """
        state = self._begun(*await self._database.read(self._last))
        total = Change()
        seen = (state.page - 1) * state.page_size
        while state.begun_at is not None:
            await self._wait_for_quiet()
            if before_page and not await before_page():
                return None
            what = state.what
            change, count, state = await self._next_page(state)
            total += change
            seen = seen + count if state.what == what else 0
            await self._save(state)
            if progress and count:
                progress(what, seen)
            if state.begun_at is not None:
                await self._sleep(self._pause)
        return total

    def _last(self, connection: Connection) -> tuple[PassState, bool]:
        """How far the last pass is, and whether it read as this one would: for the same country, with this edition."""
        return kept_pass(connection), kept_reading(connection) == self._intake.read_as

    def _begun(self, state: PassState, as_now: bool) -> PassState:  # noqa: FBT001 - both as read from the database
        now = self._now()
        recent = state.begun_at is not None and now - state.begun_at < STALE
        if recent and as_now and state.page_size == self._page_size:
            return state
        return PassState(finished_at=state.finished_at, begun_at=now, page_size=self._page_size)

    async def _wait_for_quiet(self) -> None:
        if self._quiet:
            with move_on_after(self._patience):
                await self._quiet()

    async def _next_page(self, state: PassState) -> tuple[Change, int, PassState]:
        if state.what == "organizations":
            organizations = await self._zammad.organizations_page(state.page, per_page=state.page_size)
            change = await self._take_organizations(organizations, state)
            return change, len(organizations), self._after(state, [each.id for each in organizations])
        users = await self._zammad.users_page(state.page, per_page=state.page_size)
        change = await self._take_users(users, state)
        return change, len(users), self._after(state, [each.id for each in users])

    def _after(self, state: PassState, ids: Sequence[int]) -> PassState:
        if ids:
            return replace(state, page=state.page + 1, after=max(state.after, *ids))
        if state.what == "organizations":
            return replace(state, what="users", page=1, after=0)
        return PassState(finished_at=self._now())

    async def _take_organizations(self, listed: Sequence[Organization], state: PassState) -> Change:
        until = max((each.id for each in listed), default=None)
        kept = await self._database.read(lambda connection: organization_ids_between(connection, state.after, until))
        newer = await self._intake.newer_organizations(listed)
        present, gone = await _looked_up(self._zammad.organization, kept, listed, newer)
        change = await self._intake.take_organizations(present, newer)
        return change + await self._intake.forget_organizations(gone) if gone else change

    async def _take_users(self, listed: Sequence[User], state: PassState) -> Change:
        until = max((each.id for each in listed), default=None)
        kept = await self._database.read(lambda connection: people_ids_between(connection, state.after, until))
        newer = await self._intake.newer_people(listed)
        present, gone = await _looked_up(self._zammad.user, kept, listed, newer)
        change = await self._intake.take_users(present, newer)
        return change + await self._intake.forget_users(gone) if gone else change

    async def _save(self, state: PassState) -> None:
        await self._database.write(lambda connection: self._keep(connection, state))

    def _keep(self, connection: Connection, state: PassState) -> None:
        keep_pass(connection, state, self._now())
        keep_reading(connection, self._intake.read_as, self._now())
        if state.finished_at is not None and state.begun_at is None:
            note_known_numbers(connection, self._now(), begin=True)


async def _looked_up(
    find: Callable[[int], Awaitable[Record]], kept: Sequence[int], listed: Sequence[Record], newer: Collection[int]
) -> tuple[list[Record], list[int]]:
    """The records that are there, and the ids that are gone.

    Asked for one by one are those that may only have moved to another page meanwhile, and those of which something
    `newer` is kept: either they have changed since the page was read, or Zammad was restored from a backup.
    """
    present = {each.id: each for each in listed if each.id not in newer}
    gone = []
    for record_id in sorted({*kept, *newer} - present.keys()):
        try:
            present[record_id] = await find(record_id)
        except errors.ZammadRefusedError as error:
            if error.status != GONE:
                raise
            gone.append(record_id)
    return list(present.values()), gone
