"""The connection to SQLite or PostgreSQL: transactions and threads."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext, suppress
from copy import copy
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any, Literal, TypeVar, cast

import psycopg
from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError
from sidecar.store.address import SqliteFiles, address_of, files_of, overflow_of, read_url
from sidecar.store.connections import postgresql, sqlite
from sidecar.store.connections.deadlines import Deadlines
from sidecar.store.connections.fair_lock import FairLock
from sidecar.store.connections.health import Health
from sidecar.store.connections.kept import KeptConnection
from sidecar.store.connections.under_way import UnderWay
from sidecar.store.failures import RefusedError, failure, is_used_id, refuses_values

__all__ = ["Connection", "Database", "RefusedError", "refuses_values", "serialised"]

P = TypeVar("P")
T = TypeVar("T")
THREADS = 8  # at most so many pieces of work of `read` and `write` at once,
THREADS_ASIDE = 6  # and so many of `aside`
LAST_WORK = 3.0  # seconds that `close` waits
LONGEST = 40.0  # seconds a transaction with PostgreSQL may take: longer than the server gives any statement,
AT_WORK = 10.0  # and one of `read`, `write` and `serially`, which others wait for
OPTIONS: Mapping[str, Mapping[str, object]] = {  # those in the URL win
    "sqlite": sqlite.OPTIONS,
    "postgresql": postgresql.OPTIONS,
}

NUMBERED = """
SELECT quote_ident(table_name) FROM information_schema.columns
WHERE table_schema = current_schema() AND column_name = 'id'
    AND pg_get_serial_sequence(quote_ident(table_name), 'id') > ''
"""
COUNT_ON = """
SELECT setval(numbers, greatest((SELECT max(id) FROM {table}), nextval(numbers)))
FROM (SELECT pg_get_serial_sequence('{table}', 'id')::regclass AS numbers) AS of_this_table
"""
HOOKS_WITH_PLACES = """
CREATE TEMP VIEW hooks AS
SELECT hooks.*, hook_places.conversation_id
FROM journal.hooks LEFT JOIN main.hook_places ON hook_places.hook_id = hooks.id
"""


_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


class Database:
    """One database; safe to use from any thread. Connects when first used.

    Args:
        journal: the file of the local journal, which SQLite's database is read with; see `address` if not named.

    Raises:
        StoreError: the URL names no database that is supported. It and every later error are free of the password.

    """

    dialect: Literal["sqlite", "postgresql"]
    files: SqliteFiles | None  # None: PostgreSQL
    overflow: Path  # the file for hooks that the database does not take at once
    patience: float  # seconds for another process to let go of these files

    def __init__(self, url: str, journal: Path | None = None) -> None:
        parsed = read_url(url)
        self.files = files_of(parsed, journal)
        self.overflow = overflow_of(parsed, journal, os.environ)
        self.dialect = "sqlite" if self.files else "postgresql"
        self.patience = float(str(parsed.query.get("timeout", sqlite.PATIENCE)))
        self.address = address_of(parsed)
        self._password = parsed.password
        self._deadlines = Deadlines()
        self._engine = create_engine(
            parsed,
            hide_parameters=True,
            pool_size=THREADS + THREADS_ASIDE + 2,
            pool_use_lifo=True,
            connect_args={name: value for name, value in OPTIONS[self.dialect].items() if name not in parsed.query},
        )
        if self.files:
            _take_over_sqlite_transactions(self._engine, self.files)
        else:
            postgresql.Care(self._engine, self._deadlines, self.address)
        event.listen(self._engine, "checkin", self._let_go_when_closed)
        one_state = {} if self.files else {"isolation_level": "REPEATABLE READ"}
        self._readers = self._engine.execution_options(**one_state)
        self._turns = FairLock() if self.dialect == "sqlite" else None
        options = {"begin": "BEGIN IMMEDIATE"} if self._turns else {"isolation_level": "AUTOCOMMIT"}
        self._kept = KeptConnection(self._engine.execution_options(**options))  # SQLite: of whoever has its turn
        self._one_at_a_time = Lock()
        self._threads = CapacityLimiter(THREADS)
        self._under_way = UnderWay()
        self._closed = False
        self.health = Health()
        self._inside: dict[str, Lock] = {}  # SQLite serves one machine, and one process does its work

    @property
    def local_journal(self) -> Path:
        """Its file."""
        return self.files.journal if self.files else self.overflow

    @property
    def hook_files(self) -> tuple[Path, ...]:
        """Wherever hooks lie on this machine."""
        return tuple(dict.fromkeys((self.local_journal, self.overflow)))

    @property
    def own_files(self) -> tuple[Path, ...]:
        """Whatever of ours lies on this machine."""
        return (self.files.database, *self.hook_files) if self.files else self.hook_files

    def aside(self) -> Database:
        """The same one with threads of its own: work that may take long holds up none of the other's."""
        same = copy(self)
        same._threads = CapacityLimiter(THREADS_ASIDE)  # noqa: SLF001 - of the same class
        return same

    def __repr__(self) -> str:
        return f"Database({self.address})"

    @contextmanager
    def reading(self, *, within: float = LONGEST) -> Iterator[Connection]:
        """A transaction that sees one state of the database and changes nothing.

        `within` seconds, where PostgreSQL or the way to it does not answer.
        """
        with self._under_way.one_more(), self._errors_translated(), self._connected(self._readers, within) as found:
            yield found

    @contextmanager
    def writing(self, *, within: float = LONGEST) -> Iterator[Connection]:
        """One transaction: durable when the block is left, undone where it raises. `within`: see `reading`."""
        try:
            with self._under_way.one_more(), self._errors_translated(), self._transaction(within) as connection:
                yield connection
        except StoreError as error:
            if not isinstance(error, RefusedError):
                self.health.write_problem = error.reason
            raise
        self.health.write_problem = None

    @contextmanager
    def durable_statements(self, *, within: float) -> Iterator[psycopg.Connection[Any]]:
        """A connection to PostgreSQL, always the same, on which each statement is a transaction by itself.

        Spares the ways there and back around a statement; after each the interpreter's lock has to be won again.
        """
        with (
            self._one_at_a_time,
            self._under_way.one_more(),
            self._errors_translated(),
            self._kept.used() as connection,
        ):
            driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
            with self.in_time(driver, within):
                yield driver

    @contextmanager
    def _connected(self, engine: Engine, seconds: float) -> Iterator[Connection]:
        connection = engine.connect()
        with self.in_time(connection.connection.dbapi_connection, seconds), connection:
            yield connection

    def in_time(self, connection: Any, seconds: float) -> AbstractContextManager[None]:
        """The driver's connection is shut if the block takes longer; SQLite has nobody who could fall silent."""
        if self.dialect == "sqlite":
            return nullcontext()
        return self._deadlines.within(seconds, connection.fileno())

    @contextmanager
    def _transaction(self, seconds: float) -> Iterator[Connection]:
        if self._turns is None:
            with self._connected(self._engine, seconds) as connection, connection.begin():
                yield connection
            return
        with self._turns.taken(), self._kept.used() as connection, connection.begin():
            yield connection

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, run in a thread inside `reading`."""

        def in_thread() -> T:
            with self.reading(within=AT_WORK) as connection:
                return work(connection)

        return await to_thread.run_sync(in_thread, limiter=self._threads, abandon_on_cancel=True)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, run in a thread inside `writing`; a cancelled caller still waits for the outcome."""

        def in_thread() -> T:
            with self.writing(within=AT_WORK) as connection:
                return work(connection)

        return await to_thread.run_sync(in_thread, limiter=self._threads)

    async def serially(self, name: str, prepare: Callable[[Connection], P], finish: Callable[[Connection, P], T]) -> T:
        """What `finish` writes of what `prepare` has read, with nobody else inside `name` meanwhile, here or elsewhere.

        On SQLite only `finish` holds the one write lock; what `prepare` saw may have changed outside `name` by then.
        """

        def in_thread() -> T:
            if self.dialect == "postgresql":
                with self.writing(within=AT_WORK) as connection:
                    serialised(connection, name)
                    return finish(connection, prepare(connection))
            with self._inside.setdefault(name, Lock()):
                with self.reading(within=AT_WORK) as connection:
                    prepared = prepare(connection)
                with self.writing(within=AT_WORK) as connection:
                    return finish(connection, prepared)

        return await to_thread.run_sync(in_thread, limiter=self._threads)

    @asynccontextmanager
    async def connected_aside(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        """A connection to PostgreSQL outside the pool, for whoever waits on it for long."""
        _, options = self._engine.dialect.create_connect_args(self._engine.url)
        arguments: dict[str, Any] = {**postgresql.OPTIONS, **options}
        connection = await psycopg.AsyncConnection.connect(**arguments, autocommit=True)
        try:
            yield connection
        finally:  # its own way out would ask the server first, and whoever is cancelled gets no further than that
            await connection.close()

    def reconnect(self) -> None:
        """Whoever uses it next finds the schema and the files as they are by now."""
        with self._turns.taken() if self._turns else self._one_at_a_time:
            self._kept.close()
            self.health.damage = None
            self._engine.dispose()  # before anybody else has a turn, and keeps a connection of before

    def end_within(self, seconds: float) -> None:
        """A PostgreSQL that says nothing is waited for no longer than that, whatever begins meanwhile."""
        self._deadlines.end_within(seconds)

    def close(self, *, patience: float = LAST_WORK) -> None:
        """Waits a little for what callers have given up but threads still do."""
        idle = self._under_way.wait_for_none(patience)
        self._closed = True
        if idle:
            self._kept.close()
        self._engine.dispose()

    def _let_go_when_closed(self, _connection: object, record: ConnectionPoolEntry) -> None:
        """What a thread has borrowed for longer than `close` waits: its pool is nobody's by now."""
        if self._closed:
            record.invalidate()

    def _count_on(self) -> None:
        """Ids go on above the highest one of each table; whoever failed may try again."""
        with suppress(SQLAlchemyError), self._connected(self._engine, AT_WORK) as connection, connection.begin():
            for table in connection.scalars(text(NUMBERED)).all():
                connection.execute(text(COUNT_ON.format(table=table)))

    @contextmanager
    def _errors_translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, psycopg.Error) as error:  # psycopg's own: from COPY
            if is_used_id(error):
                self._count_on()
            translated = failure(error, self.address, hidden=self._password)
            if translated.reason.code == Unusable.MALFORMED:
                self.health.damage = translated
            raise translated from error


def serialised(connection: Connection, name: str) -> None:
    """Wait until no other transaction, here or on another replica, is inside `name`; held to the end of this one."""
    if connection.dialect.name == "postgresql":  # SQLite: BEGIN IMMEDIATE has it already
        key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
        connection.execute(_LOCK, {"key": key})


def _take_over_sqlite_transactions(engine: Engine, files: SqliteFiles) -> None:
    """As SQLAlchemy documents it: sqlite3 begins nothing by itself, we say how each transaction begins."""

    @event.listens_for(engine, "do_connect")
    def make_for_its_owner_alone(*_arguments: object) -> None:
        sqlite.make_private(files.database)

    @event.listens_for(engine, "connect")
    def begin_to_use(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None
        sqlite.prepare(connection)
        if files.journal.exists():
            _attach(connection, files.journal)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _attach(connection: DBAPIConnection, journal: Path) -> None:
    """For reading alone: a transaction that writes would else keep hooks waiting for its end."""
    cursor = connection.cursor()
    cursor.execute("ATTACH ? AS journal", (f"{journal.resolve().as_uri()}?mode=ro",))
    cursor.execute(HOOKS_WITH_PLACES)
    cursor.close()
