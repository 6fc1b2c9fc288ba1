"""The help of every command in somebody's language: loaded only where help is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from typer import rich_utils

from sidecar.scripted_calls.scenarios import SCENARIOS
from sidecar.words.marks import EXAMPLES, N_, paragraphs

Say = Callable[[str], str]
_HEADINGS = {  # typer's own, which it takes from constants
    "OPTIONS_PANEL_TITLE": N_("Options"),
    "COMMANDS_PANEL_TITLE": N_("Commands"),
    "ARGUMENTS_PANEL_TITLE": N_("Arguments"),
    "DEFAULT_STRING": N_("[default: {}]"),
    "REQUIRED_LONG_STRING": N_("[required]"),
}
_SHOW_THIS = N_("Show this message and exit.")


def say_help_in(command: Any, gettext: Say) -> None:
    """`gettext` says a message in that language. typer keeps its texts as attributes of commands, and knows English."""
    for name, text in _HEADINGS.items():
        setattr(rich_utils, name, gettext(text))
    _translate(command, gettext)


def _translate(command: Any, gettext: Say) -> None:
    command.help = _said(command.help or "", gettext)
    command.options_metavar = gettext("[OPTIONS]")
    command.get_usage = _usage_of(command, gettext)
    for parameter in command.params:
        parameter.help = _said_about(parameter, gettext)
    command.get_help_option = _help_option_of(command, gettext)
    if commands := getattr(command, "commands", {}):
        command.subcommand_metavar = gettext("COMMAND [ARGS]...")
    for each in commands.values():
        _translate(each, gettext)


def _said(text: str, gettext: Say) -> str:
    return "\n\n".join(part if part.startswith(EXAMPLES) else gettext(part) for part in paragraphs(text) if part)


def _said_about(parameter: Any, gettext: Say) -> str:
    if parameter.name == "scenario":
        return "; ".join(f"{name}: {gettext(scenario.what)}" for name, scenario in SCENARIOS.items())
    return _said(parameter.help or "", gettext)


def _usage_of(command: Any, gettext: Say) -> Any:
    usage, heading = command.get_usage, gettext("Usage:")
    return lambda ctx: usage(ctx).replace("Usage:", heading, 1)


def _help_option_of(command: Any, gettext: Say) -> Any:
    find = command.get_help_option

    def option(ctx: Any) -> Any:
        found = find(ctx)
        found.help, found.metavar = gettext(_SHOW_THIS), ""  # a flag: it takes no <bool>
        return found

    return option
