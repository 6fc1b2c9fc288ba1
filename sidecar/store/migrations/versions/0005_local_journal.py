"""Local journal: SQLite has hooks in a file of their own; what is there already `takeover` moves."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
OLDEST_COMPATIBLE = {"sqlite": 5, "postgresql": 4}


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.create_table(
        "hook_places",
        sa.Column("hook_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hook_id", name=op.f("pk_hook_places")),
    )
    op.create_index("hook_places_by_conversation", "hook_places", ["conversation_id"], unique=False)
