"""`hooks`: what sipgate sent and why it was answered so."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Annotated

import typer

from sidecar.calls.events import Unreadable
from sidecar.cli.commands import new_app
from sidecar.cli.database import existing_database
from sidecar.cli.options import AsJson, ConfigFile, settings_from
from sidecar.cli.output import instant, print_fields, print_json_lines, print_table
from sidecar.config import Settings
from sidecar.follow_up.call_trace import explained
from sidecar.follow_up.office import habits_from
from sidecar.hooks.replay import replayed
from sidecar.store.calls.outbox import Parcel
from sidecar.store.calls.outcome import CallOutcome, outcome_of_call
from sidecar.store.database import Connection
from sidecar.store.journal.hooks import HookRow, StoredHook, append_hooks, find_hook, recent_hooks
from sidecar.sync.rules_in_force import saved_rules

_COLUMNS = ("id", "received_at", "direction", "event", "call_id", "from", "to", "status", "decision")

app = new_app(name="hooks", help="What sipgate sent, and why it was answered so.")


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
    """One hook with everything known of it: form, answer, decision, what became of the call, what Zammad was told.

    - `sipgate-sidecar hooks show 4711`
    - `sipgate-sidecar hooks show 4711 --json`
    """
    settings = settings_from(config)
    with existing_database(settings) as database, database.reading() as connection:
        hook = _found(hook_id, find_hook(connection, hook_id))
        outcome = outcome_of_call(connection, [hook.call_id]) if hook.call_id else None
        reasons = _reasons(connection, outcome, settings) if outcome else []
    if as_json:
        parcels = [_parcel_in_short(parcel) for parcel in outcome.parcels] if outcome else []
        print_json_lines(
            [{**_in_full(hook), "conversation": _outcome_in_short(outcome), "outbox": parcels, "why": reasons}]
        )
    else:
        told = "\n".join(_in_one_line(parcel) for parcel in outcome.parcels) if outcome else None
        became = {f"conversation_{name}": value for name, value in (_outcome_in_short(outcome) or {}).items()}
        print_fields({**_in_full(hook), **became, "outbox": told, "why": "\n".join(reasons) or None})


@app.command()
def replay(
    hook_ids: Annotated[list[int], typer.Argument(metavar="ID…", help="As `hooks list` shows them.")],
    *,
    config: ConfigFile = None,
) -> None:
    """Feed hooks of the journal in once more, as new rows with the old times. Nobody is answered, nothing is doubled.

    - `sipgate-sidecar hooks replay 4711`
    - `sipgate-sidecar hooks replay 4711 4712 4713`
    """
    with existing_database(settings_from(config)) as database, database.writing() as connection:
        rows = [_once_more(_found(hook_id, find_hook(connection, hook_id))) for hook_id in hook_ids]
        append_hooks(connection, rows)
    typer.echo(f"{len(rows)} fed in once more; `serve` looks at them within a second")


def _reasons(connection: Connection, outcome: CallOutcome, settings: Settings) -> list[str]:
    rules = saved_rules(connection, settings.phone.country)
    return explained(connection, outcome, rules=rules, habits=habits_from(settings), now=time.time())


def _once_more(hook: StoredHook) -> HookRow:
    row = replayed(hook)
    if isinstance(row, Unreadable):
        typer.echo(f"hook {hook.id} cannot be understood ({row.reason}); nothing was fed in", err=True)
        raise typer.Exit(1)
    return row


def _found(hook_id: int, hook: StoredHook | None) -> StoredHook:
    if hook is None:
        typer.echo(f"there is no hook {hook_id}; `sipgate-sidecar hooks list` shows those there are", err=True)
        raise typer.Exit(1)
    return hook


def _in_short(hook: StoredHook) -> Mapping[str, object]:
    return {
        "id": hook.id,
        "received_at": instant(hook.received_at),
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


def _outcome_in_short(outcome: CallOutcome | None) -> Mapping[str, object] | None:
    if outcome is None:
        return None
    return {"state": outcome.state, "agent": outcome.agent, "caller": outcome.identified_as}


def _parcel_in_short(parcel: Parcel) -> Mapping[str, object]:
    return {
        "id": parcel.id,
        "kind": parcel.kind,
        "call_id": parcel.effect.call_id,
        "state": parcel.state,
        "attempts": parcel.attempts,
        "note": parcel.note,
    }


def _in_one_line(parcel: Parcel) -> str:
    return f"{parcel.id} {parcel.kind}: {parcel.state}" + (f" ({parcel.note})" if parcel.note else "")
