"""`install`: what the sidecar wants inside Zammad, also where that restarts itself for it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NoReturn

import anyio
import typer
from anyio import to_thread

from sidecar.cli.hook_urls import set_hook_urls
from sidecar.cli.language import words_for
from sidecar.cli.settings import settings_from
from sidecar.config import Settings
from sidecar.errors import StoreError
from sidecar.store.database import Database
from sidecar.store.migrations import upgrade
from sidecar.sync.installation import Step, Todo, needs_restart, planned_steps
from sidecar.sync.kept import last_migration, note_migration
from sidecar.sync.setting_up import AWAY, SETTLED, Patience, Restart, comes_back, restarts_since, set_up
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
_NO_DATABASE = N_("The database cannot be used, so `check` will not know of the restart: {problem}")
PATIENCE = Patience(sleep=anyio.sleep, clock=time.monotonic)


def install(*, config: Path | None, dry_run: bool, yes: bool, sipgate: bool) -> None:
    settings = settings_from(config)
    if sipgate:
        anyio.run(partial(set_hook_urls, settings, words_for(), dry_run=dry_run, yes=yes))
        return
    zammad = zammad_of(settings)
    migrations = _Migrations(settings)

    async def in_zammad() -> None:
        try:
            await _install(zammad, migrations, dry_run=dry_run, yes=yes)
        finally:
            await zammad.aclose()

    anyio.run(in_zammad)


class _Migrations:
    """When the last one was asked for, as the database knows it; without one nobody does."""

    def __init__(self, settings: Settings) -> None:
        self._where = (settings.database.url, settings.database.journal)

    def note(self) -> None:
        try:
            with closing(Database(*self._where)) as database:
                upgrade(database)
                with database.writing() as connection:
                    note_migration(connection, time.time())
        except StoreError as error:
            typer.echo(words_for().gettext(_NO_DATABASE, problem=str(error)), err=True)

    def just_now(self) -> bool:
        """So that a Zammad that is away may be restarting because of it."""
        try:
            with closing(Database(*self._where)) as database, database.reading() as connection:
                return restarts_since(last_migration(connection), now=time.time())
        except StoreError:
            return False


async def _install(zammad: Zammad, migrations: _Migrations, *, dry_run: bool, yes: bool) -> None:
    words = words_for()
    plan = partial(planned_steps, zammad, collector_name=words.gettext("Unknown caller"))
    try:
        steps = await plan()
    except AWAY:
        if not await to_thread.run_sync(migrations.just_now):
            raise
        typer.echo(words.gettext("Zammad is restarting; waiting until it is back."))
        if not await comes_back(zammad, PATIENCE):
            _give_up(words)
        steps = await plan()
    _show(steps, zammad.url, words)
    to_do = [step for step in steps if step.state not in SETTLED]
    if to_do and not dry_run:
        _ask(to_do, words, yes=yes)
        noted = partial(to_thread.run_sync, migrations.note)
        _tell(await set_up(zammad, plan=plan, patience=PATIENCE, before_migration=noted), words)
    if any(step.state is Todo.WRONG for step in steps):
        raise typer.Exit(1)


def _ask(to_do: Sequence[Step], words: Words, *, yes: bool) -> None:
    if needs_restart(to_do):
        restart = words.gettext(
            "Zammad has to be restarted afterwards, and agents have to reload their browser tab. Newer versions\n"
            "restart themselves within seconds: for up to half a minute nobody can use Zammad. Phones are answered."
        )
        typer.echo(restart)
    if not yes:
        typer.confirm(words.gettext("Do this?"), abort=True)


def _tell(restart: Restart, words: Words) -> None:
    match restart:
        case Restart.NOT_BACK:
            _give_up(words)
        case Restart.BY_HAND:
            typer.echo(words.gettext("Done."))
            by_hand = words.gettext(
                "Zammad must be restarted now (it wants that after new attributes), and agents have to reload their\n"
                "browser tab."
            )
            typer.echo(by_hand)
        case Restart.OVER:
            typer.echo(words.gettext("Done. Zammad has restarted itself; agents have to reload their browser tab."))
        case Restart.NOT_NEEDED:
            typer.echo(words.gettext("Done."))


def _give_up(words: Words) -> NoReturn:
    away = words.gettext(
        "Zammad has ended itself, as it does after new attributes, and has not come back: nothing restarts its\n"
        "processes. Start it (`systemctl restart zammad`, `docker compose up -d`, or as your host does), see to it\n"
        "that something restarts it in future, and run `sipgate-sidecar install` again: it goes on where it was."
    )
    typer.echo(away, err=True)
    raise typer.Exit(1)


def _show(steps: Sequence[Step], url: str, words: Words) -> None:
    typer.echo(words.gettext("In {url}:", url=url))
    for step in steps:
        obstacle = f": {sentence(step.obstacle, words)}" if step.obstacle else ""
        typer.echo(f"  {step.name:32} {words.gettext(_STATES[step.state])}{obstacle}")
    if all(step.state in SETTLED for step in steps):
        typer.echo(words.gettext("Nothing to do."))
