"""Whether the database is there, and as this release wants it: at the start, and as long as the service runs.

Phones are answered without it. Whoever needs it is told when it has come, and what it is that is missing meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Thread

import anyio
import structlog
from anyio import to_thread

from sidecar.calls.reasons import Reason, because
from sidecar.codes.faults import Unusable
from sidecar.codes.readiness import Lacking
from sidecar.errors import StoreError
from sidecar.store.database import Database
from sidecar.store.failures import GONE
from sidecar.store.journal.local import Identity, identity_of
from sidecar.store.journal.salvage import is_damaged, is_torn, replace_damaged, tells_of_damage
from sidecar.store.migrations import upgrade

LOOK = 1.0  # seconds between looks at the files, and between attempts
EXAMINE_EVERY = 60.0  # seconds between examinations: all of a file is read
TURN = 0.05  # seconds between looks for the end of an attempt
FOR_PEOPLE = frozenset({Unusable.TOO_NEW, Unusable.OTHER_ENCODING, Unusable.PREVIOUS_RUNS})  # time mends none of these

log = structlog.get_logger(__name__)


class Presence:
    """`problem`: why there is no database; None where it is there, or nobody has looked yet.

    Args:
        on_lost: called when there is none any more.
        journal_problem: why hooks cannot be kept where they should be.

    """

    def __init__(
        self, database: Database, *, on_lost: Callable[[], None], journal_problem: Callable[[], StoreError | None]
    ) -> None:
        self.problem: Reason | None = None
        self.damage: Reason | None = None  # of SQLite's database; what can be read of it is used meanwhile
        self.whole = False
        self.looked = anyio.Event()  # set when there was an attempt, however it ended
        self._database = database
        self._on_lost = on_lost
        self._journal_problem = journal_problem
        self._examines_at = 0.0
        self._upgrade: Upgrade | None = None
        self._files: Mapping[Path, Identity | None] = {}

    def prepare(self, *, patience: float) -> None:
        """Bring the database to this release's schema; what takes longer goes on in `run`.

        Raises:
            StoreError: it is there, and cannot be used before somebody has done something about it.

        """
        self._upgrade = Upgrade(self._database)
        self._upgrade.join(patience)
        if self._upgrade.is_alive():
            self._note(because(Lacking.NO_ANSWER, within=patience))
            return
        error, self._upgrade = self._upgrade.error, None
        if error:
            if isinstance(error, StoreError) and error.reason.code not in FOR_PEOPLE:
                self._note(error.reason)
                return
            raise error

    async def run(self, begin: Callable[[], Awaitable[None]]) -> None:
        """`begin` is awaited whenever the database has come."""
        while True:
            try:
                await self._see_to_it(begin)
            except StoreError as error:
                self._note(error.reason)
            self.looked.set()
            await anyio.sleep(LOOK)

    async def _see_to_it(self, begin: Callable[[], Awaitable[None]]) -> None:
        if self.whole:
            self._look_at_files()
        if self.whole:
            with suppress(StoreError):  # it cannot be told at present: later
                await self._look_into_damage()
        if self.problem is not None:
            await self._finish_upgrade()
        if not self.whole:
            self._files, self.damage, self._examines_at = self._identities(), None, 0.0
            await begin()
            if self.problem is not None:
                log.info("database_is_there", address=self._database.address)
            self.whole, self.problem = True, None

    async def _finish_upgrade(self) -> None:
        """In a thread of its own, which nobody waits for who ends."""
        if self._upgrade is None:
            self._upgrade = Upgrade(self._database)
        while self._upgrade.is_alive():  # noqa: ASYNC110 - it may have begun before there was a loop
            await anyio.sleep(TURN)
        error, self._upgrade = self._upgrade.error, None
        if error:
            raise error if isinstance(error, StoreError) else StoreError(f"{type(error).__name__}: {error}")

    def _look_at_files(self) -> None:
        """Whoever has one open would go on with it, although it has no name any more."""
        now = self._identities()
        lost = next((path for path, identity in now.items() if identity != self._files[path]), None)
        if lost is not None:
            self._note(because(Unusable.REPLACED, address=str(lost), said=f"the file was {GONE}"))

    async def _look_into_damage(self) -> None:
        """A damaged journal is replaced with what can be read of it, as the database is opened anew."""
        files, journal = self._database.files, self._journal_problem()
        found = journal if journal and tells_of_damage(journal) else self._database.health.damage
        if files is None or found is None or time.monotonic() < self._examines_at:
            return
        self._examines_at, self._database.health.damage = time.monotonic() + EXAMINE_EVERY, None
        if await to_thread.run_sync(is_damaged, files.journal, abandon_on_cancel=True):
            self._note(found.reason)
            self._upgrade = Upgrade(self._database, damaged=files.journal)
        elif not self.damage and await to_thread.run_sync(is_torn, files.database, abandon_on_cancel=True):
            log.error("database_is_damaged", reason=str(found), effect="what can be read of it is used")
            self.damage = found.reason

    def _identities(self) -> Mapping[Path, Identity | None]:
        files = self._database.files
        return {path: identity_of(path) for path in (files.database, files.journal)} if files else {}

    def _note(self, reason: Reason) -> None:
        if self.whole or self.problem is None:
            log.error("database_is_missing", reason=str(StoreError(reason)), effect="hooks are answered all the same")
        if self.whole:
            self.whole = False
            self._on_lost()
        self.problem = reason


class Upgrade(Thread):
    """One attempt; it may take as long as a database takes to answer, or a large one to be rebuilt."""

    def __init__(self, database: Database, *, damaged: Path | None = None) -> None:
        super().__init__(name="database upgrade", daemon=True)
        self.error: Exception | None = None
        self._database = database
        self._damaged = damaged  # a file of hooks
        self.start()

    def run(self) -> None:
        try:
            self._database.reconnect()
            if self._damaged:
                replace_damaged(self._damaged)
            upgrade(self._database)
        except Exception as error:  # noqa: BLE001 - top of the thread; whoever waits for it raises it
            self.error = error
