"""Reads every organization and user of Zammad, page by page, and notices who is gone."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from math import inf
from typing import TypeVar

from anyio import move_on_after

from rest_transport.errors import Trouble
from sidecar.store.database import Connection, Database
from sidecar.store.people.organizations import organization_ids_between
from sidecar.store.people.people import Change, people_ids_between
from sidecar.sync.intake import Intake
from sidecar.sync.kept import PassState, keep_pass, keep_reading, kept_pass, kept_reading, note_known_numbers
from sidecar.sync.page_size import FIRST, REST, after_page, after_timeout, begun, position
from zammad_client import errors
from zammad_client.client import Zammad
from zammad_client.failures import ZAMMAD
from zammad_client.records import Organization, User

Record = TypeVar("Record", User, Organization)
STALE = 86400.0  # an interrupted pass older than this begins anew
PATIENCE = 30.0  # seconds a page waits at most for a quiet moment
GONE = 404

Progress = Callable[[str, int], None]  # users: the highest id so far; organizations: how many


def ask_for_full_pass(connection: Connection, now: float) -> None:
    """The last pass no longer counts, for instance because the change feed has fallen behind."""
    keep_pass(connection, replace(kept_pass(connection), finished_at=None), now)


class FullPass:
    """Polite: one request at a time, pages of about a second, a rest after each as long as it took.

    While calls are on the rest is a quarter longer; the pass never stops altogether.
    """

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
        elapsed: Callable[[], float] = time.monotonic,
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
        self._elapsed = elapsed

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
        total, took = Change(), inf
        while state.begun_at is not None:
            await self._wait_for_quiet(took)
            if before_page and not await before_page():
                return None
            what, began = state.what, self._elapsed()
            try:
                change, count, following = await self._next_page(state)
                took = self._elapsed() - began
                total += change
                whole = await self._last_whole_place(state)
            except errors.ZammadUnavailableError as error:
                state = await self._with_smaller_pages(state, error)
                continue
            if whole != state:
                state = whole
                continue
            if progress and count:
                progress(what, following.after if what == "users" else position(state) + count)
            state = after_page(following, took=took, most=self._page_size) if following.what == what else following
            await self._save(state)
            if state.begun_at is not None:
                await self._sleep(max(self._pause, took))
        return total

    async def _with_smaller_pages(self, state: PassState, error: errors.ZammadUnavailableError) -> PassState:
        """At once, where the page was too large to be made in time. Raises: `error`, for any other reason."""
        smaller = after_timeout(state) if error.trouble is Trouble.NO_ANSWER else None
        if smaller is None:
            raise error
        await self._save(smaller)
        return smaller

    def _last(self, connection: Connection) -> tuple[PassState, bool]:
        """How far the last pass is, and whether it read as this one would: for the same country, with this edition."""
        return kept_pass(connection), kept_reading(connection) == self._intake.read_as

    def _begun(self, state: PassState, as_now: bool) -> PassState:  # noqa: FBT001 - both as read from the database
        now = self._now()
        recent = state.begun_at is not None and now - state.begun_at < STALE
        if recent and as_now and 0 < state.page_size <= self._page_size:
            return state
        return begun(state, most=self._page_size, now=now)

    async def _wait_for_quiet(self, took: float) -> None:
        """After the rest that follows each page in any case."""
        if self._quiet:
            with move_on_after(min(self._patience, (REST - 1) * took)):
                await self._quiet()

    async def _next_page(self, state: PassState) -> tuple[Change, int, PassState]:
        if state.what == "organizations":
            organizations = await self._zammad.organizations_page(state.page, per_page=state.page_size)
            _check_that_it_goes_on(state, organizations)
            change = await self._take_organizations(organizations, state)
            return change, len(organizations), self._after(state, [each.id for each in organizations])
        users = await self._zammad.users_page(state.page, per_page=state.page_size)
        _check_that_it_goes_on(state, users)
        change = await self._take_users(users, state)
        return change, len(users), self._after(state, [each.id for each in users])

    async def _last_whole_place(self, state: PassState) -> PassState:
        """The same, or one before it with which nobody is left out.

        Pages are places in a list: whoever was deleted among those who were read has moved all the others forward.
        """
        while state.page > 1 and not await self._still_stands(state):
            state = replace(state, page=state.page - 1)
        return state

    async def _still_stands(self, state: PassState) -> bool:
        """Whether the last one before this page is one of those who were read."""
        listed = await self._listed(state.what, position(state), 1)
        if not listed:  # the list ends before
            listed = await self._listed(state.what, state.page - 1, state.page_size)
        return bool(listed) and listed[-1].id <= state.after

    async def _listed(self, what: str, page: int, per_page: int) -> Sequence[User | Organization]:
        if what == "organizations":
            return await self._zammad.organizations_page(page, per_page=per_page)
        return await self._zammad.users_page(page, per_page=per_page)

    def _after(self, state: PassState, ids: Sequence[int]) -> PassState:
        if ids:
            return replace(state, page=state.page + 1, after=max(state.after, *ids))
        if state.what == "organizations":
            return replace(state, what="users", page=1, page_size=min(FIRST, self._page_size), after=0)
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


def _check_that_it_goes_on(state: PassState, listed: Sequence[User | Organization]) -> None:
    """Somebody on the way may give the first page for every other one, and the pass would never end.

    Raises: ZammadError.
    """
    if state.page > 1 and listed and max(each.id for each in listed) <= state.after:
        raise ZAMMAD.unreadable("a page of the list says what an earlier one has said")


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
