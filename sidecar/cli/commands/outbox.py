"""`outbox`: what Zammad is still to be told, and what it has refused for good."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import typer

from sidecar.calls.conversation.parcels import ParcelState
from sidecar.cli.database import existing_database
from sidecar.cli.language import FOR_MACHINES, coded, said, words_for
from sidecar.cli.output import instant, moment, print_json_lines, print_rows
from sidecar.cli.settings import settings_from
from sidecar.cli.usage.outbox import Wanted
from sidecar.store.calls import outbox
from sidecar.store.calls.outbox import Parcel, parcels
from sidecar.words.wording import Words

_COLUMNS = ("id", "created_at", "kind", "state", "attempts")  # of people; the rest stands below them


def list_(*, config: Path | None, state: Wanted, limit: int, utc: bool, as_json: bool) -> None:
    with existing_database(settings_from(config)) as database, database.reading() as connection:
        found = parcels(connection, states=state.states, limit=limit)
    if as_json:
        print_json_lines([{**_in_short(parcel, FOR_MACHINES), "reason": coded(parcel.note)} for parcel in found])
    else:
        words = words_for(utc=utc)
        if not found:
            typer.echo(words.gettext("Nothing."), err=True)
            return
        print_rows([words.term("column", name) for name in _COLUMNS], [_row(parcel, words) for parcel in found])


def retry(ids: Sequence[int] | None, *, every: bool, config: Path | None) -> None:
    count = _changed(outbox.retry, ids, every=every, config=config)
    typer.echo(words_for().ngettext("{count} will be sent again", "{count} will be sent again", count))


def discard(ids: Sequence[int] | None, *, every: bool, config: Path | None) -> None:
    count = _changed(outbox.discard, ids, every=every, config=config)
    typer.echo(words_for().ngettext("{count} given up", "{count} given up", count))


def _changed(change: Callable[..., int], ids: Sequence[int] | None, *, every: bool, config: Path | None) -> int:
    """How many were changed; with ids it is all of them or none."""
    if bool(ids) == every:
        raise typer.BadParameter(words_for().gettext("name the ids, or give --all"))
    wanted = None if every else sorted(set(ids or ()))

    with existing_database(settings_from(config)) as database, database.writing() as connection:
        count = change(connection, wanted, now=time.time())
        if wanted is not None and count < len(wanted):
            message = words_for().gettext("not all of these are dead or waiting (see `outbox list`); nothing was done")
            typer.echo(message, err=True)
            raise typer.Exit(1)
    return count


def _row(parcel: Parcel, words: Words) -> tuple[Sequence[object], Sequence[str]]:
    values = (parcel.id, moment(parcel.created_at, words), parcel.kind, parcel.state, parcel.attempts)
    beneath = [words.gettext("call {call_id}", call_id=parcel.effect.call_id), said(parcel.note, words)]
    if parcel.state is ParcelState.PENDING:
        beneath.append(words.gettext("next attempt: {time}", time=moment(parcel.due_at, words)))
    return values, ["; ".join(filter(None, beneath))]


def _in_short(parcel: Parcel, words: Words) -> Mapping[str, object]:
    return {
        "id": parcel.id,
        "created_at": instant(parcel.created_at),
        "kind": parcel.kind,
        "call_id": parcel.effect.call_id,
        "state": parcel.state,
        "attempts": parcel.attempts,
        "due_at": instant(parcel.due_at) if parcel.state is ParcelState.PENDING else None,
        "conversation_id": parcel.conversation_id,
        "note": said(parcel.note, words),
    }
