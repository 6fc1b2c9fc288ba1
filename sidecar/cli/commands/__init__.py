"""Every command's place, imported when it is called: nobody waits for a database library to be told what there is."""

from __future__ import annotations

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS: Mapping[str, tuple[str, str]] = {  # module and function or app, the first sentence of its help
    "check": (
        "check:check",
        "Look at everything: Zammad, token, permissions, switches, agents, rows, the public URL, the database.",
    ),
    "demo": ("demo:demo", "Show what the sidecar does, with a simulated Zammad and a scripted phone."),
    "install": ("install:install", "Create the custom attributes inside Zammad and turn on its CTI integration."),
    "serve": ("serve:serve", "Answer sipgate's hooks and do everything they cause in Zammad, until SIGTERM."),
    "simulate": (
        "simulate:simulate",
        "Play a scripted call against a running sidecar, as sipgate would, and show what came of it.",
    ),
    "sync": ("sync:sync", "Synchronise with Zammad once: settings, agents, and who has which number."),
    "export": ("export:export", "Print everything that is kept about a number, or about a user of Zammad, as JSON."),
    "erase": (
        "erase:erase",
        "Erase everything about a number, or about a user of Zammad: calls, hooks, directory, notes, undelivered work.",
    ),
    "backup": ("backup:backup", "Copy the database into a new file while the service runs, and check the copy."),
    "restore": (
        "backup:restore",
        "Let the database hold what a backup holds, and compare both. Stop `serve` first, start it afterwards.",
    ),
    "hooks": ("hooks:app", "What sipgate sent, and why it was answered so."),
    "outbox": ("outbox:app", "What Zammad is still to be told, and what it has refused for good."),
}


def new_app(**given: Any) -> typer.Typer:
    """As all of them look."""
    return typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown", **given)


def load_command(name: str) -> Any:
    """The command as typer makes it of its function, or the group of an app; click's types are typer's own."""
    place, _ = COMMANDS[name]
    found = resolve_name(f"{__name__}.{place}")
    if not isinstance(found, typer.Typer):
        app = new_app()
        app.command(name)(found)
        return typer.main.get_command(app)
    return typer.main.get_command(found)


class Commands(TyperGroup):
    """Lists what is in `COMMANDS` and imports what is called, or whose help is asked for."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands.update({name: TyperCommand(name, help=words) for name, (_, words) in COMMANDS.items()})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name else command, rest
