"""`erase`: nothing is kept about a number or a person any more."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated

import typer

from sidecar.cli.database import existing_database
from sidecar.cli.options import ConfigFile, settings_from
from sidecar.cli.subject import Number, UserId, subject_of
from sidecar.store.address import SqliteFiles
from sidecar.store.privacy.erasure import erase as erase_from
from sidecar.store.privacy.subjects import Holder, needles_of
from sidecar.store.privacy.traces import Subject, Traces, find_traces
from sidecar.store.sqlite_file import wipe

_POSTGRESQL = "PostgreSQL keeps the bytes of deleted rows until it cleans up: see docs/privacy.md."


def erase(
    *,
    config: ConfigFile = None,
    number: Number = None,
    user: UserId = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Erase everything about a number, or about a user of Zammad: calls, hooks, directory, notes, undelivered work.

    The service may run meanwhile. Erase the person in Zammad first: what Zammad has comes back with the next pass.

    - `sipgate-sidecar erase --number "030 1234567"`
    - `sipgate-sidecar erase --user 42 --yes`
    """
    settings = settings_from(config)
    with existing_database(settings) as database:
        with database.reading() as connection:
            subject, holders = subject_of(connection, number=number, user=user, country=settings.phone.country)
            found = find_traces(connection, subject)
        typer.echo(f"Found: {_counted(found)}.")
        if found and not yes:
            typer.confirm("Erase this for good?", abort=True)
        erased = erase_from(database, subject, now=time.time())
        typer.echo(f"Erased: {_counted(erased)}.")
        left = _left_in_files(database.files, subject, erased)
    if database.files is None:
        typer.echo(_POSTGRESQL)
    _name(holders)
    if left:
        typer.echo(f"The same signs still stand {left} times inside longer numbers or words of others.")


def _counted(traces: Traces) -> str:
    return f"calls: {len(traces.calls)}, hooks beside them: {len(traces.hooks)}, other rows: {len(traces.rows)}"


def _left_in_files(files: SqliteFiles | None, subject: Subject, erased: Traces) -> int:
    needles = needles_of(subject, erased.written)
    return sum(wipe(file, needles) for file in (files.database, files.journal)) if files else 0


def _name(holders: Sequence[Holder]) -> None:
    for holder in holders:
        typer.echo(
            f"Still in Zammad, as last read: {holder.kind} {holder.id}, {holder.name}. "
            "Erase or change that there: the next full pass brings it back."
        )
