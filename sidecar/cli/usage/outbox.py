"""`outbox`: what Zammad is still to be told, and what it has refused for good."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sidecar.calls.conversation.parcels import ParcelState
from sidecar.cli.usage import done_by, new_app
from sidecar.cli.usage.options import AsJson, ConfigFile, Newest, Utc


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
All = Annotated[bool, typer.Option("--all", metavar="", help="Everything that Zammad has refused for good.")]

app = new_app(name="outbox", help="What Zammad is still to be told, and what it has refused for good.")


@app.command("list")
@done_by("outbox:list_")
def list_(
    *,
    config: ConfigFile = None,
    state: Annotated[Wanted, typer.Option(help="Open means pending and dead.")] = Wanted.OPEN,
    limit: Newest = 50,
    utc: Utc = False,
    as_json: AsJson = False,
) -> None:
    """What is pending or dead, the newest first, with the last error or why it was delivered otherwise than asked.

    - `sipgate-sidecar outbox list`
    - `sipgate-sidecar outbox list --state dead --json`
    """


@app.command()
@done_by("outbox:retry")
def retry(ids: Ids = None, *, every: All = False, config: ConfigFile = None) -> None:
    """Send again what Zammad has refused, and at once what waits for its next attempt.

    - `sipgate-sidecar outbox retry 12 13`
    - `sipgate-sidecar outbox retry --all`
    """


@app.command()
@done_by("outbox:discard")
def discard(ids: Ids = None, *, every: All = False, config: ConfigFile = None) -> None:
    """Give up what Zammad has refused, or what waits for its next attempt. The rest of the call goes on.

    - `sipgate-sidecar outbox discard 12 13`
    - `sipgate-sidecar outbox discard --all`
    """
