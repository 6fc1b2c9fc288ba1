"""`hooks`: what sipgate sent and why it was answered so."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import typer

from sidecar.calls.reasons import Reason
from sidecar.calls.sipgate.events import Unreadable
from sidecar.cli.database import existing_database
from sidecar.cli.language import FOR_MACHINES, coded, labelled, said, words_for
from sidecar.cli.output import instant, moment, print_fields, print_json_lines, print_rows
from sidecar.cli.settings import settings_from
from sidecar.config import Settings
from sidecar.follow_up.call_trace import explained, why_dialog
from sidecar.follow_up.office import habits_from
from sidecar.hooks.replay import replayed
from sidecar.store.calls.outbox import Parcel
from sidecar.store.calls.outcome import CallOutcome, outcome_of_call
from sidecar.store.database import Connection
from sidecar.store.journal.hooks import find_hook, recent_hooks
from sidecar.store.journal.keeping import hook_store
from sidecar.store.journal.rows import HookRow, StoredHook
from sidecar.sync.kept import saved_rules
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words

_COLUMNS = ("id", "received_at", "event", "from", "to")  # of people; the decision stands below them

_LONGEST_NUMBER = 16  # signs: fifteen digits and a plus


def list_(*, config: Path | None, limit: int, utc: bool, as_json: bool) -> None:
    settings = settings_from(config)
    with existing_database(settings) as database, database.reading() as connection:
        found = recent_hooks(connection, limit=limit)
        dialogs = _dialogs(connection, found, settings)
    if as_json:
        print_json_lines([_listed(hook, dialogs.get(hook.conversation_id, ())) for hook in found])
    else:
        _print_list(found, dialogs, words_for(utc=utc))


def show(hook_id: int, *, config: Path | None, utc: bool, as_json: bool) -> None:
    settings = settings_from(config)
    with existing_database(settings) as database, database.reading() as connection:
        hook = _found(hook_id, find_hook(connection, hook_id))
        outcome = outcome_of_call(connection, [hook.call_id]) if hook.call_id else None
        reasons = _reasons(connection, outcome, settings) if outcome else []
    if as_json:
        print_json_lines([_record(hook, outcome, reasons)])
    else:
        _print(hook, outcome, reasons, words_for(utc=utc))


def replay(hook_ids: Sequence[int], *, config: Path | None) -> None:
    with existing_database(settings_from(config)) as database, closing(hook_store(database)) as store:
        with database.reading() as connection:
            rows = [_once_more(_found(hook_id, find_hook(connection, hook_id))) for hook_id in hook_ids]
        store.keep(rows)
    fed = words_for().ngettext(
        "{count} fed in once more; `serve` looks at it within a second",
        "{count} fed in once more; `serve` looks at them within a second",
        len(rows),
    )
    typer.echo(fed)


def _dialogs(
    connection: Connection, hooks: Sequence[StoredHook], settings: Settings
) -> Mapping[int | None, Sequence[Reason]]:
    """By conversation: why a dialog opened or not."""
    rules, habits, now = saved_rules(connection, settings.phone.country), habits_from(settings), time.time()
    found: dict[int | None, Sequence[Reason]] = {}
    for hook in hooks:
        if hook.call_id and hook.conversation_id and hook.conversation_id not in found:
            outcome = outcome_of_call(connection, [hook.call_id])
            known = outcome and why_dialog(connection, outcome, rules=rules, habits=habits, now=now)
            found[hook.conversation_id] = known or ()
    return found


def _listed(hook: StoredHook, dialog: Sequence[Reason]) -> Mapping[str, object]:
    return {
        **_in_short(hook, FOR_MACHINES),
        "reason": coded(hook.reason),
        "dialog": "; ".join(sentence(reason, FOR_MACHINES) for reason in dialog) or None,
        "dialog_reasons": [coded(reason) for reason in dialog],
    }


def _print_list(hooks: Sequence[StoredHook], dialogs: Mapping[int | None, Sequence[Reason]], words: Words) -> None:
    """Below the newest hook of a call stands what became of its dialogs."""
    said: set[int | None] = set()
    rows = []
    for hook in hooks:
        record = _in_short(hook, words)
        news = () if hook.conversation_id in said else dialogs.get(hook.conversation_id, ())
        said.add(hook.conversation_id)
        beneath = [sentence(hook.reason, words), *(sentence(reason, words) for reason in news)]
        event = " ".join(filter(None, (hook.direction or hook.path, hook.event)))
        values = (hook.id, record["received_at"], event, *(_number(each) for each in (hook.caller, hook.callee)))
        rows.append((values, ["; ".join(beneath)]))
    if not rows:
        typer.echo(
            words.gettext("No hook is in the journal; `sipgate-sidecar check` says whether they can come."), err=True
        )
        return
    print_rows([words.term("column", name) for name in _COLUMNS], rows)


def _number(written: str | None) -> str:
    """As much as a number can have, so that a row fits a terminal; `show` has all of it."""
    text = written or ""
    return text if len(text) <= _LONGEST_NUMBER else f"{text[: _LONGEST_NUMBER - 1]}…"


def _record(hook: StoredHook, outcome: CallOutcome | None, reasons: Sequence[Reason]) -> Mapping[str, object]:
    return {
        **_in_full(hook, FOR_MACHINES),
        "reason": coded(hook.reason),
        "conversation": _outcome_in_short(outcome, FOR_MACHINES),
        "outbox": [_parcel_in_short(parcel) for parcel in outcome.parcels] if outcome else [],
        "why": [sentence(reason, FOR_MACHINES) for reason in reasons],
        "reasons": [coded(reason) for reason in reasons],
    }


def _print(hook: StoredHook, outcome: CallOutcome | None, reasons: Sequence[Reason], words: Words) -> None:
    told = "\n".join(_in_one_line(parcel, words) for parcel in outcome.parcels) if outcome else None
    became = {f"conversation_{name}": value for name, value in (_outcome_in_short(outcome, words) or {}).items()}
    why = "\n".join(sentence(reason, words) for reason in reasons) or None
    print_fields(labelled({**_in_full(hook, words), **became, "outbox": told, "why": why}, words))


def _reasons(connection: Connection, outcome: CallOutcome, settings: Settings) -> list[Reason]:
    rules = saved_rules(connection, settings.phone.country)
    return explained(connection, outcome, rules=rules, habits=habits_from(settings), now=time.time())


def _once_more(hook: StoredHook) -> HookRow:
    row = replayed(hook)
    if isinstance(row, Unreadable):
        words = words_for()
        message = words.gettext(
            "hook {id} cannot be understood ({why}); nothing was fed in", id=hook.id, why=sentence(row.reason, words)
        )
        typer.echo(message, err=True)
        raise typer.Exit(1)
    return row


def _found(hook_id: int, hook: StoredHook | None) -> StoredHook:
    if hook is None:
        message = words_for().gettext(
            "there is no hook {id}; `sipgate-sidecar hooks list` shows those there are", id=hook_id
        )
        typer.echo(message, err=True)
        raise typer.Exit(1)
    return hook


def _in_short(hook: StoredHook, words: Words) -> Mapping[str, object]:
    return {
        "id": hook.id,
        "received_at": instant(hook.received_at) if words is FOR_MACHINES else moment(hook.received_at, words),
        "direction": hook.direction or hook.path,
        "event": hook.event,
        "call_id": hook.call_id,
        "from": hook.caller,
        "to": hook.callee,
        "status": hook.status,
        "decision": sentence(hook.reason, words),
    }


def _in_full(hook: StoredHook, words: Words) -> Mapping[str, object]:
    return {
        **_in_short(hook, words),
        "path": hook.path,
        "conversation_id": hook.conversation_id,
        "source": hook.source,
        "signature": hook.signature,
        "rejected": hook.rejected,
        "content_type": hook.content_type,
        "body": hook.body.decode(errors="backslashreplace"),
        "answer": hook.answer,
    }


def _outcome_in_short(outcome: CallOutcome | None, words: Words) -> Mapping[str, object] | None:
    if outcome is None:
        return None
    return {"state": outcome.state, "agent": outcome.agent, "caller": said(outcome.recognised, words)}


def _parcel_in_short(parcel: Parcel) -> Mapping[str, object]:
    return {
        "id": parcel.id,
        "kind": parcel.kind,
        "call_id": parcel.effect.call_id,
        "state": parcel.state,
        "attempts": parcel.attempts,
        "note": said(parcel.note, FOR_MACHINES),
    }


def _in_one_line(parcel: Parcel, words: Words) -> str:
    note = said(parcel.note, words)
    return f"{parcel.id} {parcel.kind}: {parcel.state}" + (f" ({note})" if note else "")
