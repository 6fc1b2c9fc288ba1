"""`export`, `erase`, `backup` and `restore`: what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sidecar.cli.usage import done_by
from sidecar.cli.usage.options import ConfigFile, Number, UserId, WithoutAsking


@done_by("export:export")
def export(*, config: ConfigFile = None, number: Number = None, user: UserId = None) -> None:
    """Print everything that is kept about a number, or about a user of Zammad, as JSON.

    - `sipgate-sidecar export --number "+49 30 1234567" > about.json`
    - `sipgate-sidecar export --user 42 > about.json`
    """


@done_by("erase:erase")
def erase(*, config: ConfigFile = None, number: Number = None, user: UserId = None, yes: WithoutAsking = False) -> None:
    """Erase everything about a number, or about a user of Zammad: calls, hooks, directory, notes, undelivered work.

    The service may run meanwhile. Erase the person in Zammad first: what Zammad has comes back with the next pass.

    - `sipgate-sidecar erase --number "030 1234567"`
    - `sipgate-sidecar erase --user 42 --yes`
    """


@done_by("backup:backup")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.", dir_okay=False)],
    *,
    config: ConfigFile = None,
) -> None:
    """Copy the database into a new file while the service runs, and check the copy.

    The file holds phone numbers and tokens: it is made readable for its owner alone.

    - `sipgate-sidecar backup /var/backups/sidecar.db`
    """


@done_by("backup:restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Made by `backup`.", exists=True, dir_okay=False)],
    *,
    config: ConfigFile = None,
    yes: Annotated[
        bool, typer.Option("--yes", metavar="", help="Replace what is there, even while it is in use.")
    ] = False,
) -> None:
    """Let the database hold what a backup holds, and compare both. Stop `serve` first, start it afterwards.

    - `sipgate-sidecar restore /var/backups/sidecar.db`
    """
