"""Follows what changed in Zammad, newest first, until what is known already (docs/reference/zammad.md section 5.1)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from anyio import Lock

from sidecar.store.database import Database
from sidecar.store.people.people import Change
from sidecar.sync.full_pass import ask_for_full_pass
from sidecar.sync.intake import Intake
from sidecar.sync.kept import keep_watermark, kept_watermark
from zammad_client.client import SEARCH_PAGE, Zammad
from zammad_client.records import Organization, User

Record = TypeVar("Record", User, Organization)

USERS = "change feed of users"  # names of the snapshots that hold the watermarks
ORGANIZATIONS = "change feed of organizations"
OVERLAP = 60.0  # seconds read again: a record may become visible later than its time says
OVERLAP_OF_INDEX = 600.0  # up to 5.5 Zammad searches Elasticsearch's index, which lags behind
MOST_PAGES = 50  # more have changed than a feed is good for: a full pass is asked for
FEW = 10  # records: usually nothing is new, and large pages cost Zammad several times as much
PAGES = (
    (1, FEW),
    *((page, SEARCH_PAGE) for page in range(1, MOST_PAGES + 1)),
)  # number and size; as long as all are new


class ReadPage(Protocol[Record]):
    async def __call__(self, page: int, /, *, per_page: int) -> list[Record]: ...


class ChangeFeed:
    """The watermark is the newest `updated_at` seen, so that only Zammad's clock counts.

    Without one only the newest page is read: a full pass brings the rest.
    """

    def __init__(self, *, zammad: Zammad, database: Database, intake: Intake, now: Callable[[], float]) -> None:
        self._zammad = zammad
        self._database = database
        self._intake = intake
        self._now = now
        self._turn = Lock()
        self._overlap: float | None = None

    async def poll(self) -> Change:
        """What has changed. Raises: ZammadError, StoreError; the next poll begins at the same watermark."""
        async with self._turn:
            overlap = await self._overlap_needed()
            organizations = await self._follow(
                ORGANIZATIONS, self._zammad.recent_organizations, self._intake.take_organizations, overlap
            )
            users = await self._follow(USERS, self._zammad.recent_users, self._intake.take_users, overlap)
            return organizations + users

    async def _overlap_needed(self) -> float:
        """Asked once: whoever searches without being told for what looks into the database."""
        if self._overlap is None:
            self._overlap = OVERLAP if await self._zammad.searches_for_nothing() else OVERLAP_OF_INDEX
        return self._overlap

    async def poll_users(self) -> Change:
        """Quicker than a poll: it reads nothing twice."""
        async with self._turn:
            return await self._follow(USERS, self._zammad.recent_users, self._intake.take_users, overlap=0.0)

    async def _follow(
        self,
        name: str,
        read_page: ReadPage[Record],
        take: Callable[[Sequence[Record]], Awaitable[Change]],
        overlap: float,
    ) -> Change:
        watermark = await self._database.read(lambda connection: kept_watermark(connection, name))
        newest, total = watermark, Change()
        for page, per_page in PAGES if watermark is not None else PAGES[1:]:
            records: Sequence[Record] = await read_page(page, per_page=per_page)
            total += await take(records)
            newest = max([newest or 0.0, *(record.updated_at.timestamp() for record in records)])
            if len(records) < FEW or watermark is None or records[-1].updated_at.timestamp() <= watermark - overlap:
                break
        else:
            await self._database.write(lambda connection: ask_for_full_pass(connection, self._now()))
        await self._database.write(lambda connection: keep_watermark(connection, name, newest, self._now()))
        return total
