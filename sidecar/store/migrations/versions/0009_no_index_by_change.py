"""No index by change."""

from alembic import op

revision = "0009"
down_revision = "0008"
OLDEST_COMPATIBLE = {"sqlite": 5, "postgresql": 4}


def upgrade() -> None:
    op.drop_index(op.f("conversations_by_change"), table_name="conversations")
