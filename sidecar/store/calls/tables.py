"""The tables of calls: conversations, keys, words and agents they are found by, and the work they cause in Zammad."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from sidecar.store.metadata import Id, metadata

ByBytes = Text().with_variant(Text(collation="C"), "postgresql")  # compared byte by byte: beginnings are ranges

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("direction", String(3), nullable=False),
    Column("internal", Boolean, nullable=False),
    Column("test", Boolean, nullable=False),  # made by `simulate`; never in statistics
    Column("state", String(16), nullable=False),
    Column("caller", Text, nullable=False),
    Column("callee", Text, nullable=False),
    Column("number", String(20)),  # E.164 digits of the other party; null where withheld or unreadable
    Column("line", Text, nullable=False),  # our side, as first dialled
    Column("agent", Text),  # name of the last person who talked, of who dialled where we called
    Column("agent_id", Integer),  # and the Zammad user behind it
    Column("started_at", Float, nullable=False),
    Column("answered_at", Float),
    Column("ended_at", Float),
    Column("waiting", Float),
    Column("talking", Float),
    Column("short_ring", Boolean),  # then `state` is missed: releases before this one know no other word
    Column("counts_at", Float),  # when the talk had lasted long enough to close missed calls
    Column("talked_with", Integer),  # the customer it certainly was with, as known then
    Column("certainty", String(16)),  # of the look-up: certain, several, organization, internal, unknown
    Column("person_id", Integer),
    Column("organization_id", Integer),
    Column("identified_as", Text),  # calls.reasons.Reason; words in old rows: "mobile of Erika Mustermann"
    Column("story", JSON, nullable=False),  # the legs, for people
    Column("told", JSON, nullable=False),  # what Zammad's caller log has been told: caller_log.Told
    Column("changed_at", Float, nullable=False),
    Column("wake_at", Float),  # when time alone changes something
    Index("conversations_by_start", "started_at"),
    Index("conversations_by_number", "number", "started_at"),
    Index("conversations_by_person", "person_id", "started_at"),
    Index(
        "conversations_to_wake",
        "wake_at",
        sqlite_where=text("wake_at IS NOT NULL"),
        postgresql_where=text("wake_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,  # ids are never used again
)

call_keys = Table(
    "call_keys",
    metadata,
    Column("key", Text, primary_key=True),  # a callId, or "x:" and an xcid
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
)

voicemails = Table(
    "voicemails",  # messages that callers have left, as sipgate's history tells of them
    metadata,
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("entry_id", Text, nullable=False),  # of the history; the link to the recording is kept nowhere
    Column("seconds", Float),
    Column("transcript", Text, nullable=False),  # empty while sipgate has none
    Column("has_recording", Boolean, nullable=False),
    Column("attached_at", Float),  # to a ticket, as far as is known: written before it is tried
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),  # open row, show answer, close row
    Column("payload", JSON, nullable=False),
    Column("state", String(12), nullable=False),  # pending, done, dead, discarded
    Column("created_at", Float, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_until", Float),  # by the replica that delivers it
    Column("claimed_by", Integer),  # which replica that is; null where nobody could see whether it lives
    Column("uncertain", Boolean, nullable=False),  # an attempt may have reached Zammad: set before each, cleared after
    Column("finished_at", Float),
    Column(
        "note", Text
    ),  # calls.reasons.Reason, words in old rows: the last error, or why it was delivered otherwise than asked
    Index(
        "outbox_pending",
        "conversation_id",
        "id",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
    Index(
        "outbox_claimed",
        "claimed_by",
        sqlite_where=text("claimed_by IS NOT NULL"),
        postgresql_where=text("claimed_by IS NOT NULL"),
    ),
    Index(
        "outbox_dead",
        "id",
        sqlite_where=text("state = 'dead'"),
        postgresql_where=text("state = 'dead'"),
    ),
    sqlite_autoincrement=True,
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

call_phones = Table(
    "call_phones",
    metadata,
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("sipgate_id", Text, primary_key=True),  # w0
    Column("account", Text, primary_key=True),  # master SIP id; empty where sipgate did not say it
    Column("at", Float, primary_key=True, autoincrement=False),  # since when the call is on this phone
    Column("answers", Boolean, nullable=False),  # an incoming call, rather than dialled
    Index("call_phones_by_phone", "sipgate_id", "at"),
    sqlite_with_rowid=False,
)

Index("conversations_by_agent", conversations.c.agent_id)
Index("conversations_by_line", conversations.c.line)
Index("conversations_by_state", conversations.c.state)
