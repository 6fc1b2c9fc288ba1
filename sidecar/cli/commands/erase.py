"""`erase`: nothing is kept about a number or a person any more."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import typer

from sidecar.cli.database import existing_database
from sidecar.cli.language import words_for
from sidecar.cli.settings import settings_from
from sidecar.cli.subject import subject_of
from sidecar.store.database import Database
from sidecar.store.journal.salvage import set_aside_beside
from sidecar.store.privacy.erasure import erase as erase_from
from sidecar.store.privacy.subjects import Holder, needles_of
from sidecar.store.privacy.traces import Subject, Traces, find_traces
from sidecar.store.sqlite_file import wipe
from sidecar.words.marks import N_
from sidecar.words.wording import Words

_POSTGRESQL = N_("PostgreSQL keeps the bytes of deleted rows until it cleans up: see docs/privacy.md.")
_DAMAGED = N_("Not looked into: {file}, a damaged file that was set aside. Delete it.")
_STILL_THERE = N_(
    "Still in Zammad, as last read: {kind} {id}, {name}. Erase or change that there: the next full pass brings it back."
)


def erase(*, config: Path | None, number: str | None, user: int | None, yes: bool) -> None:
    settings, words = settings_from(config), words_for()
    with existing_database(settings) as database:
        with database.reading() as connection:
            subject, holders = subject_of(connection, number=number, user=user, country=settings.phone.country)
            found = find_traces(connection, subject)
        typer.echo(words.gettext("Found: {traces}.", traces=_counted(found, words)))
        if found and not yes:
            typer.confirm(words.gettext("Erase this for good?"), abort=True)
        erased = erase_from(database, subject, now=time.time())
        typer.echo(words.gettext("Erased: {traces}.", traces=_counted(erased, words)))
        left = _left_in_files(database, subject, erased)
    if database.files is None:
        typer.echo(words.gettext(_POSTGRESQL))
    _name(holders, words)
    if left:
        typer.echo(_left_in_words(left, words))
    for file in set_aside_beside(*database.own_files):
        typer.echo(words.gettext(_DAMAGED, file=file))


def _counted(traces: Traces, words: Words) -> str:
    return words.gettext(
        "calls: {calls}, hooks beside them: {hooks}, other rows: {rows}",
        calls=len(traces.calls),
        hooks=len(traces.hooks),
        rows=len(traces.rows),
    )


def _left_in_files(database: Database, subject: Subject, erased: Traces) -> int:
    files, needles = database.files, needles_of(subject, erased.written)
    ours = (files.database, files.journal, database.overflow) if files else ()
    return sum(wipe(file, needles) for file in ours if file.exists())


def _left_in_words(left: int, words: Words) -> str:
    return words.ngettext(
        "The same signs still stand once inside longer numbers or words of others.",
        "The same signs still stand {count} times inside longer numbers or words of others.",
        left,
    )


def _name(holders: Sequence[Holder], words: Words) -> None:
    for holder in holders:
        kind, name = words.term("holder", holder.kind), holder.name or words.gettext("no name")
        typer.echo(words.gettext(_STILL_THERE, kind=kind, id=holder.id, name=name))
