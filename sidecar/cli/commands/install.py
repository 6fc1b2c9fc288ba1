"""`install`: the attributes and the switch that the sidecar wants inside Zammad."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import anyio
import typer

from sidecar.cli.options import ConfigFile, settings_from
from sidecar.sync.installation import Step, carry_out, needs_restart, planned_steps
from sidecar.zammad import zammad_of
from zammad_client.client import Zammad

_RESTART = (
    "Zammad must be restarted now (it wants that after new attributes; newer versions do it themselves),\n"
    "and agents have to reload their browser tab."
)


def install(
    *,
    config: ConfigFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Create the custom attributes inside Zammad and turn on its CTI integration.

    - `sipgate-sidecar install --dry-run`
    - `sipgate-sidecar install --yes`
    """
    settings = settings_from(config)

    async def in_zammad() -> None:
        zammad = zammad_of(settings)
        try:
            await _install(zammad, dry_run=dry_run, yes=yes)
        finally:
            await zammad.aclose()

    anyio.run(in_zammad)


async def _install(zammad: Zammad, *, dry_run: bool, yes: bool) -> None:
    steps = await planned_steps(zammad)
    _show(steps, zammad.url)
    to_do = [step for step in steps if step.state not in {"present", "wrong"}]
    if to_do and not dry_run:
        if needs_restart(to_do):
            typer.echo("Zammad has to be restarted afterwards, and agents have to reload their browser tab.")
        if not yes:
            typer.confirm("Do this?", abort=True)
        await carry_out(zammad, to_do)
        typer.echo("Done.")
        if needs_restart(to_do):
            typer.echo(_RESTART)
    if any(step.state == "wrong" for step in steps):
        raise typer.Exit(1)


def _show(steps: Sequence[Step], url: str) -> None:
    words = {"present": "there already", "create": "will be created", "migrate": "will be migrated"}
    words |= {"switch on": "will be turned on", "wrong": "problem"}
    typer.echo(f"In {url}:")
    for step in steps:
        reason = f": {step.reason}" if step.reason else ""
        typer.echo(f"  {step.name:32} {words[step.state]}{reason}")
    if all(step.state in {"present", "wrong"} for step in steps):
        typer.echo("Nothing to do.")
