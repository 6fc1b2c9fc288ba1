"""`backup` and `restore`: a verified copy of the database, and the way back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import typer

from sidecar.cli.database import existing_database
from sidecar.cli.language import words_for
from sidecar.cli.settings import settings_from
from sidecar.config import Settings
from sidecar.errors import SidecarError
from sidecar.store.address import SqliteFiles, files_of, read_url
from sidecar.store.database import Database
from sidecar.store.journal.takeover import spool_of
from sidecar.store.migrations import upgrade
from sidecar.store.replicas.leases import leases_held
from sidecar.store.sqlite_file import copy, holds_rows, put_in_place, row_counts, rows_in
from sidecar.words.marks import N_

_IN_USE = N_("{file}: this database is in use; stop `sipgate-sidecar serve` first, or insist with --yes")
_FULL = N_("{file}: there is something in this database; `--yes` replaces it (`sipgate-sidecar backup` keeps a copy)")
_NOT_OF_BACKUP = N_("{file} does not hold the hooks of the backup: stop `serve`, restore again")
_OF_OUR_OWN = ("conversations", "missed_calls", "audit")  # what no pass over Zammad brings back


class _BackupError(SidecarError):
    """Nothing was copied."""


def backup(file: Path, *, config: Path | None) -> None:
    settings = settings_from(config)
    files = _files_of(settings, f"pg_dump --format=custom --file={file} DATABASE")
    with _failures_in_words():
        if not files.database.exists():
            raise _BackupError(words_for().gettext("{file}: there is no database yet", file=files.database))
        with existing_database(settings, as_it_is=True), _new_file(file):
            counts = copy(files.database, files.journal, file)
    rows, words = sum(counts.values()), words_for()
    typer.echo(
        words.gettext("{file}: {rows} rows in {tables} tables, checked.", file=file, rows=rows, tables=len(counts))
    )


def restore(file: Path, *, config: Path | None, yes: bool) -> None:
    settings = settings_from(config)
    files = _files_of(settings, f"pg_restore --clean --if-exists --dbname=DATABASE {file}")
    with _failures_in_words():
        counts = row_counts(file)
        if not yes and (objection := _objection(settings, files)):
            raise _BackupError(objection)
        put_in_place(file, files.database)
        _separate(settings, files, hooks=counts.get("hooks", 0))
    same = words_for().gettext(
        "{database}: {rows} rows in {tables} tables, the same as in {file}.",
        database=files.database,
        rows=sum(counts.values()),
        tables=len(counts),
        file=file,
    )
    typer.echo(same)


def _files_of(settings: Settings, command: str) -> SqliteFiles:
    """SQLite's; `command` does the same for PostgreSQL."""
    files = files_of(read_url(settings.database.url), settings.database.journal)
    if files is None:
        own = words_for().gettext("PostgreSQL has its own tools: `{command}` (docs/operations.md)", command=command)
        raise _BackupError(own)
    return files


def _separate(settings: Settings, files: SqliteFiles, *, hooks: int) -> None:
    """The hooks of the copy go into the local journal, in place of what is there."""
    spool_of(files).unlink(missing_ok=True)  # a killed process of an earlier release left it: of another database now
    with closing(Database(settings.database.url, settings.database.journal)) as database:
        upgrade(database)
    if rows_in(files.journal, "hooks") != hooks:
        raise _BackupError(words_for().gettext(_NOT_OF_BACKUP, file=files.journal))


@contextmanager
def _new_file(file: Path) -> Iterator[None]:
    """The file, our own and empty at first; gone again where it was not finished."""
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise _BackupError(words_for().gettext("{file} is there already; name a new file", file=file)) from None
    try:
        yield
    except BaseException:
        file.unlink(missing_ok=True)
        raise


@contextmanager
def _failures_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = words_for().gettext(
            "{file}: {reason}; correct the path or its permissions",
            file=error.filename,
            reason=(error.strerror or "?").lower(),
        )
        raise _BackupError(said) from error


def _objection(settings: Settings, files: SqliteFiles) -> str | None:
    target = files.database
    if not target.exists() or not target.stat().st_size:
        return None
    with existing_database(settings) as database, database.reading() as connection:
        if leases_held(connection, now=time.time()):
            return words_for().gettext(_IN_USE, file=target)
    is_full = holds_rows(target, _OF_OUR_OWN) or holds_rows(files.journal, ["hooks"])
    return words_for().gettext(_FULL, file=target) if is_full else None
