"""An outbox in which calls wait to be told to Zammad."""

from __future__ import annotations

from sqlalchemy import insert

from sidecar.calls.conversation.caller_log import CloseRow, Effect, OpenRow, ShowAnswer
from sidecar.store.calls import outbox
from sidecar.store.calls.tables import conversations
from sidecar.store.database import Database

NOW = 1_795_376_000.0


def row(call_id: str) -> list[Effect]:
    opened = OpenRow(call_id=call_id, direction="in", caller="49301234567", callee="4930600001")
    about = {name: getattr(opened, name) for name in ("call_id", "direction", "caller", "callee")}
    return [opened, ShowAnswer(**about, user="Jane Doe", agent_id=4), CloseRow(**about, cause="busy")]


def fill(database: Database, *calls: str, first: int = 1) -> None:
    with database.writing() as connection:
        for number, call_id in enumerate(calls, start=first):
            connection.execute(insert(conversations).values(**_conversation(number)))
            outbox.put(connection, [(number, effect) for effect in row(call_id)], now=NOW)


def _conversation(number: int) -> dict[str, object]:
    nothing = {"caller": "", "callee": "", "line": "", "story": [], "told": {}}
    return {
        "id": number,
        "direction": "in",
        "internal": False,
        "test": False,
        "state": "ringing",
        "started_at": NOW,
        "changed_at": NOW,
        **nothing,
    }
