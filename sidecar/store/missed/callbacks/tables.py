"""The tables of callback tickets: one row for each caller's callback, and the calls that belong to it."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from sidecar.store.metadata import Id, metadata

ACTIVE = text("phase != 'over'")

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", String(36), nullable=False),  # the mark in Zammad's articles, which begin with it
    Column("caller", String(32), nullable=False),  # calls.callbacks.course.caller_of
    Column("person_id", Integer),  # the certain person
    Column("number", String(20), nullable=False),  # E.164 digits of the first call
    Column("group_id", Integer, nullable=False),
    Column("group_name", Text, nullable=False),
    Column("line", Text, nullable=False),  # of the first call
    Column("phase", String(12), nullable=False),  # calls.callbacks.course.Phase
    Column("over_because", String(16)),  # calls.callbacks.course.Over
    Column("due_at", Float, nullable=False),  # end of the grace, or of a pause after a failure
    Column("quiet_until", Float, nullable=False),
    Column("heard_until", Float, nullable=False),  # talks up to here are told
    Column("talk_told", Boolean, nullable=False),  # and nothing is decided yet about closing
    Column("merged", Boolean, nullable=False),  # by a person, into another ticket
    Column("articles", Integer, nullable=False),  # written, the first one included
    Column("ticket_id", Integer),
    Column("ticket_number", Text),
    Column("ticket_state", Text),
    Column("ticket_ended", Boolean, nullable=False),
    Column("first_article_id", Integer),
    Column("step", JSON),  # the one that may have been taken: deed, mark, calls, talk
    Column("step_at", Float),  # when it was first tried
    Column("attempts", Integer, nullable=False),  # in vain, one after the other
    Column("claimed_until", Float),
    Column("refused", Text),  # calls.reasons.Reason: what Zammad said
    Column("over_at", Float),
    Column("changed_at", Float, nullable=False),
    Index("callbacks_active", "caller", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE),
    Index("callbacks_by_change", "changed_at"),
    sqlite_autoincrement=True,
)

callback_calls = Table(
    "callback_calls",
    metadata,
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("callback_id", Id, ForeignKey("callbacks.id", ondelete="CASCADE"), index=True),  # null: of none
    Column("told", Boolean, nullable=False),  # there is an article about it
    Column("talk", Boolean, nullable=False),  # it ended the callback; else it was missed
)
