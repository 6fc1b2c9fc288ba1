"""Web pages."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
OLDEST_COMPATIBLE = 1


def upgrade() -> None:
    op.create_table(
        "missed_calls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.Float(), nullable=False),
        sa.Column("last_at", sa.Float(), nullable=False),
        sa.Column("last_call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Float(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_because", sa.String(length=12), nullable=True),
        sa.Column("rows_marked_at", sa.Float(), nullable=True),
        sa.Column("rows_marked", sa.Integer(), nullable=True),
        sa.Column("rows_gone", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_calls")),
        sqlite_autoincrement=True,
    )
    op.create_index("missed_calls_by_key", "missed_calls", ["key"], unique=False)
    op.create_index("missed_calls_closed", "missed_calls", ["closed_at", "id"], unique=False)
    op.create_index(
        "missed_calls_open",
        "missed_calls",
        ["key"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "missed_calls_to_mark",
        "missed_calls",
        ["id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NOT NULL AND rows_marked_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL AND rows_marked_at IS NULL"),
    )
    op.create_table(
        "page_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=True),
        sa.Column("session", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_page_changes_at"), "page_changes", ["at"], unique=False)
    op.create_table(
        "web_sessions",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("signed_in_by", sa.String(length=8), nullable=False),
        sa.Column("grant", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("checked_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_web_sessions")),
    )
    op.create_index(op.f("ix_web_sessions_expires_at"), "web_sessions", ["expires_at"], unique=False)
    op.create_table(
        "call_agents",
        sa.Column(
            "conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("agent_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_call_agents_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "agent_id", name=op.f("pk_call_agents")),
        sqlite_with_rowid=False,
    )
    op.create_index("call_agents_by_agent", "call_agents", ["agent_id", "conversation_id"], unique=False)
    op.create_table(
        "call_words",
        sa.Column(
            "conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_call_words_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "word", name=op.f("pk_call_words")),
        sqlite_with_rowid=False,
    )
    op.create_index("call_words_by_word", "call_words", ["word", "conversation_id"], unique=False)
    op.create_table(
        "missed_parts",
        sa.Column(
            "conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("missed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_missed_parts_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["missed_id"], ["missed_calls.id"], name=op.f("fk_missed_parts_missed_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_missed_parts")),
    )
    op.create_index(op.f("ix_missed_parts_missed_id"), "missed_parts", ["missed_id"], unique=False)
    op.create_index("conversations_by_agent", "conversations", ["agent_id"], unique=False)
    op.create_index("conversations_by_line", "conversations", ["line"], unique=False)
    op.create_index("conversations_by_state", "conversations", ["state"], unique=False)
