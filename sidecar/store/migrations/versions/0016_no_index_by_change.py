"""No index by change."""

from alembic import op

revision = "0016"
down_revision = "0015"
OLDEST_COMPATIBLE = {"sqlite": 5, "postgresql": 4}


def upgrade() -> None:
    op.drop_index(op.f("conversations_by_change"), table_name="conversations")
