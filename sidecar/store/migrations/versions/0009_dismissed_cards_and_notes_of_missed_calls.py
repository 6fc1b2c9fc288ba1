"""Dismissed cards and notes of missed calls; no index by change."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
OLDEST_COMPATIBLE = {"sqlite": 5, "postgresql": 4}


def upgrade() -> None:
    op.create_table(
        "dismissed_cards",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_dismissed_cards_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "conversation_id", name=op.f("pk_dismissed_cards")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_dismissed_cards_conversation_id"), "dismissed_cards", ["conversation_id"], unique=False)
    op.create_table(
        "missed_notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("missed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["missed_id"], ["missed_calls.id"], name=op.f("fk_missed_notes_missed_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_notes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_missed_notes_missed_id"), "missed_notes", ["missed_id"], unique=False)
    op.drop_index(op.f("conversations_by_change"), table_name="conversations")
