"""Refused repairs."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
OLDEST_COMPATIBLE = {"sqlite": 5, "postgresql": 4}


def upgrade() -> None:
    op.create_table(
        "refused_repairs",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("record_at", sa.Float(), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.Float(), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.Column("again_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_refused_repairs_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_refused_repairs")),
    )
