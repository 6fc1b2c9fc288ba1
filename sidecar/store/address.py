"""Where the database is: its URL, read and checked, and shown without the password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from sidecar.calls.reasons import because
from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError

DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def read_url(text: str) -> URL:
    """The URL with its driver.

    Raises:
        StoreError: it cannot be read or names something else than SQLite in a file or PostgreSQL.

    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StoreError(because(Unusable.NO_URL)) from None
    if url.drivername not in DRIVERS:
        raise StoreError(because(Unusable.OTHER_DATABASE, scheme=url.drivername))
    if "@" in (url.host or ""):
        raise StoreError(because(Unusable.BARE_PASSWORD))
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise StoreError(because(Unusable.NO_FILE))
    return url.set(drivername=DRIVERS[url.drivername])


def address_of(url: URL) -> str:
    """For people: never a password, neither in its place nor among the options."""
    return URL.create(
        url.get_backend_name(), username=url.username, host=url.host, port=url.port, database=url.database
    ).render_as_string()


@dataclass(frozen=True, slots=True, kw_only=True)
class SqliteFiles:
    database: Path
    journal: Path  # the local journal


def files_of(url: URL, journal: Path | None) -> SqliteFiles | None:
    """None: it is PostgreSQL. Of several databases in one directory each has a journal of its own."""
    if url.get_backend_name() != "sqlite":
        return None
    file = Path(url.database or "")
    beside = file.with_name("journal.db" if file.stem == "sidecar" else f"{file.stem}-journal.db")
    return SqliteFiles(database=file, journal=journal or beside)


def overflow_of(url: URL, journal: Path | None, environ: Mapping[str, str]) -> Path:
    """The file for what the database does not take at once.

    With PostgreSQL it is the local journal, in the folder systemd gives a service, or the working folder; with SQLite,
    where hooks are in the local journal anyway, another one beside that.
    """
    if files := files_of(url, journal):
        return files.journal.with_name(f"{files.journal.name}-overflow")
    folder = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return journal or Path(folder, "journal.db")
