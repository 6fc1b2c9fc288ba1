"""`check`, `install` and `sync`: what is right and what is there in Zammad."""

from __future__ import annotations

from typing import Annotated

import typer

from sidecar.cli.usage import done_by
from sidecar.cli.usage.options import AsJson, ConfigFile, DryRun, WithoutAsking


@done_by("check:check")
def check(
    *,
    config: ConfigFile = None,
    show_urls: Annotated[
        bool,
        typer.Option("--show-urls", metavar="", help="Print the two URLs to enter at sipgate; they contain the token."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look at everything: Zammad, token, permissions, switches, agents, rows, the public URL, the database.

    Each line is ok, a warning or a problem with its cure; with a problem the exit code is 1. Nothing is changed, and
    the service need not run.

    - `sipgate-sidecar check`
    - `sipgate-sidecar check --show-urls`
    - `sipgate-sidecar check --json | grep problem`
    """


@done_by("install:install")
def install(
    *,
    config: ConfigFile = None,
    dry_run: DryRun = False,
    yes: WithoutAsking = False,
    sipgate: Annotated[
        bool,
        typer.Option(
            "--sipgate", metavar="", help="Instead: set the hook URLs at sipgate, with a token for its interface."
        ),
    ] = False,
) -> None:
    """Turn on Zammad's CTI integration, create the custom attributes and the customer of unknown callers.

    Newer versions of Zammad restart themselves for new attributes; that is waited for.

    - `sipgate-sidecar install --dry-run`
    - `sipgate-sidecar install --yes`
    - `sipgate-sidecar install --sipgate`
    """


@done_by("sync:sync")
def sync(
    *,
    config: ConfigFile = None,
    full: Annotated[
        bool, typer.Option("--full", metavar="", help="Read everybody, and repair recognition at once.")
    ] = False,
) -> None:
    """Synchronise with Zammad once: settings, agents, and who has which number.

    Without --full only what has changed since the last time is read (the first time everything is).

    - `sipgate-sidecar sync`
    - `sipgate-sidecar sync --full`
    """
