"""`install`: the attributes and the switch that the sidecar wants inside Zammad."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import anyio
import typer

from sidecar.cli.hook_urls import set_hook_urls
from sidecar.cli.language import words_for
from sidecar.cli.options import ConfigFile, settings_from
from sidecar.sync.installation import Step, Todo, carry_out, needs_restart, planned_steps
from sidecar.words.marks import N_
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words
from sidecar.zammad import zammad_of
from zammad_client.client import Zammad

_STATES = {
    Todo.PRESENT: N_("there already"),
    Todo.CREATE: N_("will be created"),
    Todo.MIGRATE: N_("will be migrated"),
    Todo.SWITCH_ON: N_("will be turned on"),
    Todo.WRONG: N_("problem"),
}
_SETTLED = {Todo.PRESENT, Todo.WRONG}


def install(
    *,
    config: ConfigFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    sipgate: Annotated[
        bool, typer.Option("--sipgate", help="Instead: set the hook URLs at sipgate, with a token for its interface.")
    ] = False,
) -> None:
    """Create the custom attributes inside Zammad and turn on its CTI integration.

    - `sipgate-sidecar install --dry-run`
    - `sipgate-sidecar install --yes`
    - `sipgate-sidecar install --sipgate`
    """
    settings = settings_from(config)
    if sipgate:
        anyio.run(partial(set_hook_urls, settings, words_for(), dry_run=dry_run, yes=yes))
        return

    async def in_zammad() -> None:
        zammad = zammad_of(settings)
        try:
            await _install(zammad, dry_run=dry_run, yes=yes)
        finally:
            await zammad.aclose()

    anyio.run(in_zammad)


async def _install(zammad: Zammad, *, dry_run: bool, yes: bool) -> None:
    words = words_for()
    steps = await planned_steps(zammad)
    _show(steps, zammad.url, words)
    to_do = [step for step in steps if step.state not in _SETTLED]
    if to_do and not dry_run:
        await _carry_out(zammad, to_do, words, yes=yes)
    if any(step.state is Todo.WRONG for step in steps):
        raise typer.Exit(1)


async def _carry_out(zammad: Zammad, to_do: Sequence[Step], words: Words, *, yes: bool) -> None:
    restart = needs_restart(to_do)
    if restart:
        typer.echo(words.gettext("Zammad has to be restarted afterwards, and agents have to reload their browser tab."))
    if not yes:
        typer.confirm(words.gettext("Do this?"), abort=True)
    await carry_out(zammad, to_do)
    typer.echo(words.gettext("Done."))
    if restart:
        now = words.gettext(
            "Zammad must be restarted now (it wants that after new attributes; newer versions do it themselves),\n"
            "and agents have to reload their browser tab."
        )
        typer.echo(now)


def _show(steps: Sequence[Step], url: str, words: Words) -> None:
    typer.echo(words.gettext("In {url}:", url=url))
    for step in steps:
        obstacle = f": {sentence(step.obstacle, words)}" if step.obstacle else ""
        typer.echo(f"  {step.name:32} {words.gettext(_STATES[step.state])}{obstacle}")
    if all(step.state in _SETTLED for step in steps):
        typer.echo(words.gettext("Nothing to do."))
