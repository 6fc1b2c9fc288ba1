"""Replicas."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
OLDEST_COMPATIBLE = 2


def upgrade() -> None:
    op.add_column("outbox", sa.Column("claimed_by", sa.Integer(), nullable=True))
    op.create_index(
        "outbox_claimed",
        "outbox",
        ["claimed_by"],
        unique=False,
        sqlite_where=sa.text("claimed_by IS NOT NULL"),
        postgresql_where=sa.text("claimed_by IS NOT NULL"),
    )
