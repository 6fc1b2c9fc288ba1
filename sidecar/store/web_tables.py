"""The tables of the pages: who is signed in, what calls are found by, missed calls, what has changed and by whom."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from sidecar.store.call_tables import Id, conversations
from sidecar.store.metadata import metadata

ByBytes = Text().with_variant(Text(collation="C"), "postgresql")  # compared byte by byte: beginnings are ranges
OPEN = text("closed_at IS NULL")
ROWS_WAITING = text("closed_at IS NOT NULL AND rows_marked_at IS NULL")

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
)

call_words = Table(
    "call_words",
    metadata,
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("word", ByBytes, primary_key=True),  # calls.listing.words_of
    Index("call_words_by_word", "word", "conversation_id"),
    sqlite_with_rowid=False,
)

call_agents = Table(
    "call_agents",
    metadata,
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("agent_id", Integer, primary_key=True, autoincrement=False),  # took part: rang, talked or dialled
    Index("call_agents_by_agent", "agent_id", "conversation_id"),
    sqlite_with_rowid=False,
)

missed_calls = Table(
    "missed_calls",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False),  # calls.missed.missed_key
    Column("number", String(20)),  # E.164 digits
    Column("caller", Text, nullable=False),  # as it came
    Column("line", Text, nullable=False),  # of the last call
    Column("calls", Integer, nullable=False),
    Column("first_at", Float, nullable=False),
    Column("last_at", Float, nullable=False),
    Column("last_call_id", Id, nullable=False),
    Column("version", Integer, nullable=False),  # grows with each change: whoever acts says what they have seen
    Column("owner_id", Integer),
    Column("owner", Text),
    Column("note", Text, nullable=False),
    Column("closed_at", Float),
    Column("closed_by_id", Integer),
    Column("closed_by", Text),
    Column("closed_because", String(12)),  # done | talked in | talked out
    Column("rows_marked_at", Float),  # when Zammad's own log was brought in line
    Column("rows_marked", Integer),
    Column("rows_gone", Integer),  # not listed there any more
    Index("missed_calls_open", "key", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    Index("missed_calls_closed", "closed_at", "id"),
    Index("missed_calls_by_key", "key"),
    Index("missed_calls_to_mark", "id", sqlite_where=ROWS_WAITING, postgresql_where=ROWS_WAITING),
    sqlite_autoincrement=True,
)

missed_parts = Table(
    "missed_parts",
    metadata,
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("missed_id", Id, ForeignKey("missed_calls.id", ondelete="CASCADE"), nullable=False, index=True),
)

page_changes = Table(
    "page_changes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),  # grows in the order of commits: see store.page_changes
    Column("at", Float, nullable=False, index=True),
    Column("kind", String(8), nullable=False),  # call | missed | session
    Column("subject", BigInteger),  # id of the conversation or of the entry
    Column("session", String(64)),  # key of the session that was ended
    sqlite_autoincrement=True,
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

Index("conversations_by_agent", conversations.c.agent_id)
Index("conversations_by_line", conversations.c.line)
Index("conversations_by_state", conversations.c.state)
