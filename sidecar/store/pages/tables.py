"""The tables of the pages: who is signed in, and what admins have changed."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Integer, String, Table, Text

from sidecar.store.metadata import Id, metadata

web_sessions = Table(
    "web_sessions",
    metadata,
    Column("key", String(64), primary_key=True),  # hash of the cookie: the cookie itself is kept nowhere
    Column("user_id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("signed_in_by", String(8), nullable=False),  # zammad (its cookie) | oauth
    Column("grant", Text),  # tokens of OAuth2, encrypted with a key only the browser holds
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
    Column("checked_at", Float, nullable=False),  # when Zammad last said that it knows this person
    Column("zammads_cookie", String(64)),  # hash of Zammad's own, by which a page sees that somebody else is there now
)

dismissed_cards = Table(
    "dismissed_cards",  # calls that agents have put away from their desks
    metadata,
    Column("user_id", Integer, primary_key=True, autoincrement=False),
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    sqlite_with_rowid=False,
)

dialled_calls = Table(
    "dialled_calls",  # asked for with a click; written down before sipgate is asked
    metadata,
    Column("key", String(64), primary_key=True),  # made with the page: the same one again dials nothing
    Column("user_id", Integer, nullable=False),
    Column("phone", String(20), nullable=False),  # sipgate's id of the device
    Column("number", String(20), nullable=False),  # E.164 digits
    Column("ticket_id", Integer),
    Column("missed_id", Id),
    Column("begun_at", Float, nullable=False, index=True),
    Column("state", String(12), nullable=False),  # begun, ringing, refused, unknown
    Column("session_id", Text, index=True),  # `callId` of its hooks
    Column("problem", Text),  # calls.reasons.Reason
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("user_id", Integer, nullable=False),  # of Zammad
    Column("name", Text, nullable=False),  # as it was then
    Column("what", String(40), nullable=False),
    Column("subject", Text, nullable=False),  # never a phone number: nothing here has to be erased
    sqlite_autoincrement=True,
)

board_links = Table(
    "board_links",  # of boards on televisions, where nobody is signed in
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False, unique=True),  # hash of what stands in the address, which is kept nowhere
    Column("name", Text, nullable=False),
    Column("made_by_id", Integer, nullable=False),
    Column("made_by", Text, nullable=False),  # as they were called then
    Column("made_at", Float, nullable=False),
    Column("seen_at", Float),
    Column("numbers", Boolean, nullable=False),  # whether those of callers are shown
    Column("names", Boolean, nullable=False),  # whether those of customers are
    Column("lines", JSON, nullable=False),  # a list; empty: all of them
    sqlite_autoincrement=True,
)
