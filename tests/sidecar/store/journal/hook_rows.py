"""Rows of the journal for tests."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from sqlalchemy import select

from sidecar.store.database import Database
from sidecar.store.journal.keeping import hook_store
from sidecar.store.journal.rows import HookRow
from sidecar.store.journal.tables import hooks

NEW_CALL = HookRow(
    received_at=1_700_000_000.25,
    path="in",
    content_type="application/x-www-form-urlencoded",
    body=b"event=newCall&callId=1&direction=in&from=4915799912345&to=4921199999999",
    source="192.0.2.1",
    signature="valid",
    event="newCall",
    call_id="1",
    direction="in",
    caller="4915799912345",
    callee="4921199999999",
    status="ok",
    decision="nothing to change",
    rejected=False,
    answer='<Response onAnswer="https://zammad.example.com/api/v1/sipgate/…/in"/>',
)


def keep(database: Database, *rows: HookRow) -> None:
    with closing(hook_store(database)) as store:
        assert not store.keep(rows)


def delete_hooks(database: Database) -> None:
    """All of them."""
    with closing(hook_store(database)) as store, database.writing() as connection:
        store.delete(connection, list(connection.scalars(select(hooks.c.id))))


def hook_row(number: int) -> HookRow:
    """A row that can be told from others by its call_id."""
    return replace(NEW_CALL, call_id=str(number), received_at=NEW_CALL.received_at + number)
