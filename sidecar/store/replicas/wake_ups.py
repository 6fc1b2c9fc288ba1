"""Replicas wake each other: PostgreSQL's NOTIFY in the transaction that writes, LISTEN on a connection of its own.

Nothing but latency depends on it: whoever is woken also looks by itself every second or oftener. The same connection
shows the others that this replica lives. SQLite has one process and no need for it. The journal wakes nobody: who takes
a hook down folds it as well, and a NOTIFY would make all replicas' commits wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

import anyio
import psycopg
import structlog
from sqlalchemy import Connection, text

from sidecar.errors import StoreError
from sidecar.store.database import Database
from sidecar.store.replicas.lives import show_life
from sidecar.store.row_lists import RowStatement

CHANNEL = "sidecar"
RECONNECT = 1.0  # seconds
QUIET = 10.0  # seconds without a word, after which the server is asked whether it is there at all
ANSWERS_WITHIN = 3.0  # seconds
_NOTIFY = text("SELECT pg_notify(:channel, :payload)").bindparams(channel=CHANNEL)

log = structlog.get_logger(__name__)


class Written(StrEnum):
    """What is worth waking for: every replica once the transaction is committed, the writer's own included."""

    WORK = "work"  # for Zammad, in the outbox
    SNAPSHOT = "snapshot"  # another version of one
    PAGES = "pages"  # changes that open pages show


_KNOWN = frozenset(map(str, Written))  # a newer release may tell of more


def wake_replicas(connection: Connection, written: Written) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(_NOTIFY, {"payload": str(written)})


def waking(statement: RowStatement, written: Written) -> RowStatement:
    """The same statement, which wakes the replicas as well."""
    told = f"SELECT pg_notify('{CHANNEL}', '{written}')"
    return RowStatement(sqlite=statement.sqlite, postgresql=text(f"WITH written AS ({statement.postgresql}) {told}"))


class WakeUps:
    """Wakes whoever waits for what was written. After a lost connection it wakes all: some may have been missed."""

    def __init__(
        self, *, database: Database, replica: int, wakes: Mapping[Written, Callable[[], None]], quiet: float = QUIET
    ) -> None:
        self._database = database
        self._replica = replica
        self._wakes = wakes
        self._quiet = quiet
        self._lost = False

    async def run(self) -> None:
        if self._database.dialect == "sqlite":
            return
        while True:
            try:
                await self._listen()
            except (StoreError, psycopg.Error) as error:
                if not self._lost:
                    log.info("wake_ups_lost", error=type(error).__name__)
                self._lost = True
            await anyio.sleep(RECONNECT)

    async def _listen(self) -> None:
        async with self._database.connected_aside() as connection:
            with self._database.in_time(connection, ANSWERS_WITHIN):
                await show_life(connection, self._replica)
                await connection.execute(f"LISTEN {CHANNEL}")
            if self._lost:
                log.info("wake_ups_heard_again")
            self._lost = False
            for wake in self._wakes.values():
                wake()
            while True:
                async for heard in connection.notifies(timeout=self._quiet):
                    self._wake(heard.payload)
                with self._database.in_time(connection, ANSWERS_WITHIN):
                    await connection.execute("SELECT 1")

    def _wake(self, payload: str) -> None:
        if wake := self._wakes.get(Written(payload)) if payload in _KNOWN else None:
            wake()
