"""Phones of calls."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
OLDEST_COMPATIBLE = {"sqlite": 5, "postgresql": 4}


def upgrade() -> None:
    op.create_table(
        "call_phones",
        sa.Column(
            "conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("sipgate_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), autoincrement=False, nullable=False),
        sa.Column("answers", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_call_phones_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "sipgate_id", "account", "at", name=op.f("pk_call_phones")),
        sqlite_with_rowid=False,
    )
    op.create_index("call_phones_by_phone", "call_phones", ["sipgate_id", "at"], unique=False)
