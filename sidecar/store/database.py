"""The connection to SQLite or PostgreSQL: transactions, threads, and what their errors mean.

StoreError (sidecar.errors)   the database cannot be used now; the same work may succeed later
└── RefusedError              the database took offence at the values themselves; a retry cannot help
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any, Literal, TypeVar

import psycopg
from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from tenacity import Retrying, retry_if_exception_message, stop_after_delay, wait_random

from sidecar.calls.reasons import Reason, because
from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError
from sidecar.store.address import address_of, read_url
from sidecar.store.fair_lock import FairLock
from sidecar.store.under_way import UnderWay

__all__ = ["Connection", "Database", "RefusedError", "refuses_values", "serialised"]

P = TypeVar("P")
T = TypeVar("T")
THREADS = 8  # at most so many pieces of work of `read` and `write` at once
LAST_WORK = 3.0  # seconds that `close` waits

SQLITE_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # fsync before a commit returns
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is deleted is overwritten: whoever is forgotten is not in the file any more
    "PRAGMA journal_size_limit=67108864",
)
POSTGRESQL_SETTINGS = (
    "SET synchronous_commit=on",
    "SET timezone='UTC'",
)
CONNECT: Mapping[str, Mapping[str, object]] = {  # options in the URL win
    "sqlite": {"timeout": 5.0},  # seconds for another process to let go of the file
    "postgresql": {
        "connect_timeout": 5,
        "application_name": "sipgate-sidecar",
        "tcp_user_timeout": 5000,  # milliseconds: a server that vanished is noticed
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "options": "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
    },
}


class RefusedError(StoreError):
    """The database refused the values as such: they can never be written as they are."""


class Database:
    """One database; safe to use from any thread. Connects when first used.

    Raises:
        StoreError: the URL names no database that is supported. It and every later error are free of the password.

    """

    dialect: Literal["sqlite", "postgresql"]
    file: Path | None  # SQLite's

    def __init__(self, url: str) -> None:
        parsed = read_url(url)
        self.dialect = "sqlite" if parsed.get_backend_name() == "sqlite" else "postgresql"
        self.file = Path(parsed.database) if self.dialect == "sqlite" and parsed.database else None
        self.address = address_of(parsed)
        self._password = parsed.password
        self._engine = create_engine(
            parsed,
            hide_parameters=True,
            pool_size=THREADS + 2,
            pool_use_lifo=True,
            pool_pre_ping=self.dialect == "postgresql",
            connect_args={name: value for name, value in CONNECT[self.dialect].items() if name not in parsed.query},
        )
        if self.dialect == "sqlite":
            _take_over_sqlite_transactions(self._engine)
        else:
            event.listen(self._engine, "connect", _prepare_postgresql)
        self._turns = FairLock() if self.dialect == "sqlite" else None
        self._kept = KeptConnection(self._engine.execution_options(begin="BEGIN IMMEDIATE"))  # SQLite: whose turn it is
        self._threads = CapacityLimiter(THREADS)
        self._under_way = UnderWay()
        self._inside: dict[str, Lock] = {}  # SQLite serves one machine, and one process does its work

    def __repr__(self) -> str:
        return f"Database({self.address})"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and changes nothing."""
        with self._under_way.one_more(), self._errors_translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: durable when the block is left, undone where it raises."""
        with self._under_way.one_more(), self._errors_translated(), self._transaction() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        if self._turns is None:
            with self._engine.begin() as connection:
                yield connection
            return
        with self._turns.taken(), self._kept.used() as connection, connection.begin():
            yield connection

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, run in a thread inside `reading`."""

        def in_thread() -> T:
            with self.reading() as connection:
                return work(connection)

        return await to_thread.run_sync(in_thread, limiter=self._threads, abandon_on_cancel=True)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, run in a thread inside `writing`; a cancelled caller still waits for the outcome."""

        def in_thread() -> T:
            with self.writing() as connection:
                return work(connection)

        return await to_thread.run_sync(in_thread, limiter=self._threads)

    async def serially(self, name: str, prepare: Callable[[Connection], P], finish: Callable[[Connection, P], T]) -> T:
        """What `finish` writes of what `prepare` has read, with nobody else inside `name` meanwhile, here or elsewhere.

        On SQLite only `finish` holds the one write lock; what `prepare` saw may have changed outside `name` by then.
        """

        def in_thread() -> T:
            if self.dialect == "postgresql":
                with self.writing() as connection:
                    serialised(connection, name)
                    return finish(connection, prepare(connection))
            with self._inside.setdefault(name, Lock()):
                with self.reading() as connection:
                    prepared = prepare(connection)
                with self.writing() as connection:
                    return finish(connection, prepared)

        return await to_thread.run_sync(in_thread, limiter=self._threads)

    async def connect_aside(self) -> psycopg.AsyncConnection[Any]:
        """A connection to PostgreSQL outside the pool, for whoever waits on it for long; the caller closes it."""
        _, options = self._engine.dialect.create_connect_args(self._engine.url)
        arguments: dict[str, Any] = {**CONNECT["postgresql"], **options}
        return await psycopg.AsyncConnection.connect(**arguments, autocommit=True)

    def close(self) -> None:
        """Waits a little for what callers have given up but threads still do."""
        if self._under_way.wait_for_none(LAST_WORK):
            self._kept.close()
        self._engine.dispose()

    @contextmanager
    def _errors_translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, psycopg.Error) as error:  # psycopg's own: from COPY
            kind = RefusedError if refuses_values(error) else StoreError
            raise kind(self._meaning_of(error)) from error

    def _meaning_of(self, error: Exception) -> Reason:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        words = " ".join(str(cause).split()) or type(cause).__name__
        if self._password:
            words = words.replace(str(self._password), "…")
        return because(_kind_of(words), address=self.address, said=words)


class KeptConnection:
    """A connection that is not given back to the pool between uses: what it has in memory stays true, nothing is asked.

    For one thread at a time. After an error the next use gets another one.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    @contextmanager
    def used(self) -> Iterator[Connection]:
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            yield self._connection
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """For good: it does not go back to the pool."""
        connection, self._connection = self._connection, None
        if connection is not None:
            if not connection.invalidated:
                connection.detach()
            connection.close()


# What the drivers raise where a value does not fit; the last three before it is even sent.
REFUSALS = (
    psycopg.DataError,
    psycopg.IntegrityError,
    sqlite3.DataError,
    sqlite3.IntegrityError,
    TypeError,
    ValueError,
    OverflowError,
)


def serialised(connection: Connection, name: str) -> None:
    """Wait until no other transaction, here or on another replica, is inside `name`; held to the end of this one."""
    if connection.dialect.name == "postgresql":  # SQLite: BEGIN IMMEDIATE has it already
        key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def refuses_values(error: BaseException) -> bool:
    """Whether the values are to blame, not the database or the connection."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    if isinstance(cause, REFUSALS):
        return True
    words = str(cause)
    return "binding parameter" in words or "cannot adapt" in words  # sqlite3, psycopg: the type has no column form


def _kind_of(words: str) -> Unusable:
    if "unable to open" in words or "connect" in words or "password" in words:
        return Unusable.CANNOT_OPEN
    if "no such table" in words or "does not exist" in words:
        return Unusable.NOT_SET_UP
    if "locked" in words:
        return Unusable.LOCKED
    return Unusable.CANNOT_WRITE if "full" in words or "disk I/O" in words or "No space" in words else Unusable.ERROR


# A new file is put into WAL mode by whoever comes first; others are told at once that it is locked.
_while_it_is_new = Retrying(
    retry=retry_if_exception_message(match="database is locked"),
    wait=wait_random(0.01, 0.05),
    stop=stop_after_delay(5.0),
    reraise=True,
)


def _take_over_sqlite_transactions(engine: Engine) -> None:
    """As SQLAlchemy documents it: sqlite3 begins nothing by itself, we say how each transaction begins."""

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None
        _while_it_is_new(_execute_all, connection, SQLITE_SETTINGS)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _prepare_postgresql(connection: DBAPIConnection, _record: object) -> None:
    try:
        _execute_all(connection, POSTGRESQL_SETTINGS)
        connection.commit()
    except psycopg.Error:
        connection.close()  # the pool does not know it yet
        raise


def _execute_all(connection: DBAPIConnection, statements: tuple[str, ...]) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()
