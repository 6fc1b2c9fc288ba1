"""`outbox`: what Zammad is still to be told, and what it has refused for good."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sidecar.calls.conversation.parcels import ParcelState
from sidecar.cli.commands import new_app
from sidecar.cli.database import existing_database
from sidecar.cli.language import FOR_MACHINES, coded, labelled, said, words_for
from sidecar.cli.options import AsJson, ConfigFile, settings_from
from sidecar.cli.output import instant, print_json_lines, print_table
from sidecar.store.calls import outbox
from sidecar.store.calls.outbox import Parcel, parcels
from sidecar.words.wording import Words

_COLUMNS = ("id", "created_at", "kind", "call_id", "state", "attempts", "due_at", "conversation_id", "note")


class Wanted(StrEnum):
    """States of parcels that can be asked for."""

    OPEN = "open"  # pending and dead
    PENDING = "pending"
    DEAD = "dead"
    DONE = "done"
    DISCARDED = "discarded"
    ALL = "all"

    @property
    def states(self) -> tuple[ParcelState, ...]:
        match self:
            case Wanted.OPEN:
                return (ParcelState.PENDING, ParcelState.DEAD)
            case Wanted.ALL:
                return tuple(ParcelState)
            case _:
                return (ParcelState(self.value),)


Ids = Annotated[list[int] | None, typer.Argument(metavar="[ID…]", help="As `outbox list` shows them.")]
All = Annotated[bool, typer.Option("--all", help="Everything that Zammad has refused for good.")]

app = new_app(name="outbox", help="What Zammad is still to be told, and what it has refused for good.")


@app.command("list")
def list_(
    *,
    config: ConfigFile = None,
    state: Annotated[Wanted, typer.Option(help="Open means pending and dead.")] = Wanted.OPEN,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest.")] = 50,
    as_json: AsJson = False,
) -> None:
    """What is pending or dead, the newest first, with the last error or why it was delivered otherwise than asked.

    - `sipgate-sidecar outbox list`
    - `sipgate-sidecar outbox list --state dead --json`
    """
    with existing_database(settings_from(config)) as database, database.reading() as connection:
        found = parcels(connection, states=state.states, limit=limit)
    if as_json:
        print_json_lines([{**_in_short(parcel, FOR_MACHINES), "reason": coded(parcel.note)} for parcel in found])
    else:
        words = words_for()
        columns = [words.term("column", name) for name in _COLUMNS]
        print_table(columns, [labelled(_in_short(parcel, words), words) for parcel in found])


@app.command()
def retry(ids: Ids = None, *, every: All = False, config: ConfigFile = None) -> None:
    """Send again what Zammad has refused, and at once what waits for its next attempt.

    - `sipgate-sidecar outbox retry 12 13`
    - `sipgate-sidecar outbox retry --all`
    """
    count = _changed(outbox.retry, ids, every=every, config=config)
    typer.echo(words_for().ngettext("{count} will be sent again", "{count} will be sent again", count))


@app.command()
def discard(ids: Ids = None, *, every: All = False, config: ConfigFile = None) -> None:
    """Give up what Zammad has refused, or what waits for its next attempt. The rest of the call goes on.

    - `sipgate-sidecar outbox discard 12 13`
    - `sipgate-sidecar outbox discard --all`
    """
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
