"""`sync`: one synchronisation with Zammad, beside a running service or without one."""

from __future__ import annotations

import sys
from pathlib import Path

import anyio
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sidecar.cli.language import words_for
from sidecar.cli.settings import settings_from
from sidecar.store.database import Database
from sidecar.store.migrations import upgrade
from sidecar.store.people.people import Change
from sidecar.sync.repair import Repaired
from sidecar.sync.standalone import standalone_synchronisation
from sidecar.sync.synchronisation import Synchronisation
from sidecar.words.marks import N_
from sidecar.zammad import zammad_of

_CHANGE = N_("people and organizations: {added} new, {changed} changed, {removed} gone")
_NOT_KEPT = N_("Zammad does not keep cti_numbers: run `sipgate-sidecar install`, then restart Zammad")


def sync(*, config: Path | None, full: bool) -> None:
    settings = settings_from(config)

    async def in_zammad() -> None:
        database = Database(settings.database.url, settings.database.journal)
        zammad = zammad_of(settings)
        try:
            upgrade(database)
            await _sync(standalone_synchronisation(settings, zammad, database), full=full, repair=settings.sync.repair)
        finally:
            await zammad.aclose()
            database.close()

    anyio.run(in_zammad)


async def _sync(synchronisation: Synchronisation, *, full: bool, repair: bool) -> None:
    await synchronisation.poll_settings()
    rules = synchronisation.rules.rules
    ignored = [each for each in (rules.warnings if rules else ()) if each.ignored]
    words = words_for()
    read = words.gettext("settings and agents read; rows that cannot be understood: {count}", count=len(ignored))
    typer.echo(read)
    if full or await synchronisation.never_read_everybody():
        change = await _read_everybody(synchronisation)
    else:
        change = await synchronisation.poll_changes()
    typer.echo(words.gettext(_CHANGE, added=change.added, changed=change.changed, removed=change.removed))
    if full and repair:
        _show_repair(await synchronisation.repair_at_once())


async def _read_everybody(synchronisation: Synchronisation) -> Change:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    expected = await synchronisation.expected_counts()
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        tasks = {
            what: bar.add_task(words_for().term("read by full pass", what), total=count or None)
            for what, count in expected.items()
        }

        begun: set[str] = set()

        def show(what: str, reached: int) -> None:
            if (
                what not in begun
            ):  # where an interrupted pass goes on: what was read before says nothing of the time left
                bar.reset(tasks[what], completed=reached)
                begun.add(what)
            bar.update(tasks[what], completed=reached, total=max(reached, expected[what]))

        return await synchronisation.full_pass(show)


def _show_repair(repaired: Repaired) -> None:
    words = words_for()
    typer.echo(
        words.ngettext("recognition repaired: one person", "recognition repaired: {count} people", repaired.written)
    )
    if repaired.refused:
        typer.echo(
            words.ngettext("refused by Zammad: one person", "refused by Zammad: {count} people", repaired.refused)
        )
    if repaired.attribute_missing:
        typer.echo(words.gettext(_NOT_KEPT), err=True)
        raise typer.Exit(1)
