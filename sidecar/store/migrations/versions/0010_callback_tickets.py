"""Callback tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
OLDEST_COMPATIBLE = {"sqlite": 5, "postgresql": 4}


def upgrade() -> None:
    op.create_table(
        "callbacks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("caller", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("phase", sa.String(length=12), nullable=False),
        sa.Column("over_because", sa.String(length=16), nullable=True),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("quiet_until", sa.Float(), nullable=False),
        sa.Column("heard_until", sa.Float(), nullable=False),
        sa.Column("talk_told", sa.Boolean(), nullable=False),
        sa.Column("merged", sa.Boolean(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("ticket_number", sa.Text(), nullable=True),
        sa.Column("ticket_state", sa.Text(), nullable=True),
        sa.Column("ticket_ended", sa.Boolean(), nullable=False),
        sa.Column("first_article_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.JSON(), nullable=True),
        sa.Column("step_at", sa.Float(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.Float(), nullable=True),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.Column("over_at", sa.Float(), nullable=True),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "callbacks_active",
        "callbacks",
        ["caller"],
        unique=True,
        sqlite_where=sa.text("phase != 'over'"),
        postgresql_where=sa.text("phase != 'over'"),
    )
    op.create_index("callbacks_by_change", "callbacks", ["changed_at"], unique=False)
    op.create_table(
        "callback_calls",
        sa.Column(
            "conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("callback_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("talk", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callbacks.id"], name=op.f("fk_callback_calls_callback_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_callback_calls_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_callback_calls")),
    )
    op.create_index(op.f("ix_callback_calls_callback_id"), "callback_calls", ["callback_id"], unique=False)
