"""The command `sipgate-sidecar` and its exit codes: 0 fine, 1 problem found, 2 wrong usage or configuration.

A new command is declared in `usage` (a command with commands of its own: an app), and named below. Its docstring is the
help: one sentence, then examples. A function in `commands` with the same parameters does it: it reads the settings with
`settings_from`, prints through `output`, and ends by returning (0), by raising `typer.Exit(1)` once the problem is on
the screen, or by letting a `ConfigurationError`, `StoreError` or `ZammadError` pass: `run` makes one line of it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NoReturn

import typer
from typer.main import get_command

from sidecar import __version__
from sidecar.cli.usage import hooks, kept, new_app, outbox, service, zammad
from sidecar.errors import ConfigurationError, SidecarError

_NAME = "sipgate-sidecar"
_OK, _PROBLEM, _WRONG_USAGE, _INTERRUPTED = 0, 1, 2, 130

app = new_app(name=_NAME)
for _command in (
    *(zammad.check, service.demo, zammad.install, service.serve, service.simulate, zammad.sync),
    *(kept.export, kept.erase, kept.backup, kept.restore),
):
    app.command()(_command)
app.add_typer(hooks.app)
app.add_typer(outbox.app)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"{_NAME} {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", metavar="", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", metavar="", help="Show where an error came from.")] = False,
) -> None:
    """Telephony beside Zammad: answers sipgate's hooks and keeps the caller log right.

    Begin with `sipgate-sidecar demo`; beside a real Zammad with `install`, `check` and `serve`.
    """


def main() -> NoReturn:
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """The exit code; what went wrong is a line on stderr, of a configuration one for each fault.

    `--debug` lets the exception pass instead.
    """
    try:
        return _command_for(arguments)(list(arguments) or ["--help"], prog_name=_NAME, standalone_mode=False) or _OK
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _OK
    except Exception as error:
        if "--debug" in arguments:
            raise
        typer.echo(_in_one_line(error), err=True)
        return _exit_code(error)


def _command_for(arguments: Sequence[str]) -> Any:
    """Everything that can be called, with its help in the language of the environment where it is asked for."""
    command = get_command(app)
    if not arguments or {"--help", "-h"} & set(arguments):
        from sidecar.cli.usage.in_words import say_help_in  # noqa: PLC0415 - as the others: only help has a use for it

        say_help_in(command, _said_in_language())
    return command


def _said_in_language() -> Callable[[str], str]:
    """English, as it is written, needs no catalogue and no time to load one."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")]
    if all(name.startswith(("C", "POSIX", "en")) for name in names if name):
        return str
    from sidecar.cli.language import words_for  # noqa: PLC0415 - slow to import

    return words_for().gettext


def _in_one_line(error: Exception) -> str:
    from sidecar.cli.language import words_for  # noqa: PLC0415 - as the others: --help has no use for it
    from sidecar.cli.usage.wrong import wrong_usage  # noqa: PLC0415 - as above
    from sidecar.faults import reason_of  # noqa: PLC0415 - as above
    from sidecar.sipgate.account import reason_of_sipgate  # noqa: PLC0415 - as above
    from sidecar.words.sentences import sentence  # noqa: PLC0415 - as above
    from sipgate_client.errors import SipgateError  # noqa: PLC0415 - as above
    from zammad_client.errors import ZammadError  # noqa: PLC0415 - httpx comes with it

    words = words_for()
    match error:
        case typer.TyperException():
            wrong = wrong_usage(error.format_message(), words.gettext)
            said = words.gettext("{problem} (--help shows what there is)", problem=wrong)
        case typer.Abort():
            said = words.gettext("stopped, nothing was done")
        case SidecarError():
            said = sentence(error.reason, words)
        case SipgateError():
            said = sentence(reason_of_sipgate(error), words)
        case ZammadError():
            problem = sentence(reason_of(error), words)
            said = words.gettext("{problem} (`sipgate-sidecar check` says what to do)", problem=problem)
        case _:
            what = f"{type(error).__name__}: {error}"
            said = words.gettext("unexpected {what} (`sipgate-sidecar --debug …` shows where)", what=what)
    return "\n".join(" ".join(line.split()) for line in said.splitlines())


def _exit_code(error: Exception) -> int:
    return _WRONG_USAGE if isinstance(error, typer.TyperException | ConfigurationError) else _PROBLEM
