"""Short rings and talks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
OLDEST_COMPATIBLE = {"sqlite": 5, "postgresql": 4}


def upgrade() -> None:
    op.add_column("conversations", sa.Column("short_ring", sa.Boolean(), nullable=True))
    op.add_column("conversations", sa.Column("counts_at", sa.Float(), nullable=True))
    op.add_column("conversations", sa.Column("talked_with", sa.Integer(), nullable=True))
