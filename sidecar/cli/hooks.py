"""`hooks`: what sipgate sent and why it was answered so."""

# ruff: noqa: PLC0415 - the database is imported when a command runs, not for --help

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.cli.options import AsJson, ConfigFile, settings_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sidecar.store.journal import StoredHook

_COLUMNS = ("id", "received_at", "direction", "event", "call_id", "from", "to", "status", "decision")

app = typer.Typer(name="hooks", help="What sipgate sent, and why it was answered so.")


@app.command("list")
def list_(
    *,
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The newest hooks, the newest first.

    - `sipgate-sidecar hooks list`
    - `sipgate-sidecar hooks list --limit 500 --json | grep blocked`
    """
    from sidecar.cli.database import existing_database
    from sidecar.cli.output import print_json_lines, print_table
    from sidecar.store.journal import recent_hooks

    with existing_database(settings_from(config)) as database, database.reading() as connection:
        rows = [_in_short(hook) for hook in recent_hooks(connection, limit=limit)]
    if as_json:
        print_json_lines(rows)
    else:
        print_table(_COLUMNS, rows)


@app.command()
def show(
    hook_id: Annotated[int, typer.Argument(metavar="ID", help="As `hooks list` shows it.")],
    *,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """One hook with everything that is known of it: the form as it came, the answer, the decision.

    - `sipgate-sidecar hooks show 4711`
    - `sipgate-sidecar hooks show 4711 --json`
    """
    from sidecar.cli.database import existing_database
    from sidecar.cli.output import print_fields, print_json_lines
    from sidecar.store.journal import find_hook

    with existing_database(settings_from(config)) as database, database.reading() as connection:
        hook = find_hook(connection, hook_id)
    if hook is None:
        typer.echo(f"there is no hook {hook_id}; `sipgate-sidecar hooks list` shows those there are", err=True)
        raise typer.Exit(1)
    if as_json:
        print_json_lines([_in_full(hook)])
    else:
        print_fields(_in_full(hook))


def _in_short(hook: StoredHook) -> Mapping[str, object]:
    return {
        "id": hook.id,
        "received_at": _instant(hook.received_at),
        "direction": hook.direction or hook.path,
        "event": hook.event,
        "call_id": hook.call_id,
        "from": hook.caller,
        "to": hook.callee,
        "status": hook.status,
        "decision": hook.decision,
    }


def _in_full(hook: StoredHook) -> Mapping[str, object]:
    return {
        **_in_short(hook),
        "path": hook.path,
        "conversation_id": hook.conversation_id,
        "source": hook.source,
        "signature": hook.signature,
        "rejected": hook.rejected,
        "content_type": hook.content_type,
        "body": hook.body.decode(errors="backslashreplace"),
        "answer": hook.answer,
    }


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
