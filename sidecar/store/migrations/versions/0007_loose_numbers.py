"""Loose numbers: what people may be meant by; attributes of Zammad with long names."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
OLDEST_COMPATIBLE = {"sqlite": 5, "postgresql": 4}


def upgrade() -> None:
    op.create_table(
        "loose_numbers",
        sa.Column("digits", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("holding", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_loose_numbers_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digits", "person_id", "field", "holding", name=op.f("pk_loose_numbers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_loose_numbers_person_id"), "loose_numbers", ["person_id"], unique=False)
    op.add_column("people", sa.Column("numbers_in_note", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("numbers", copy_from=_numbers()) as numbers:  # SQLite makes the table anew
        numbers.alter_column(
            "field", existing_type=sa.String(length=20), type_=sa.String(length=100), existing_nullable=False
        )


def _numbers() -> sa.Table:
    return sa.Table(
        "numbers",
        sa.MetaData(),
        sa.Column("digits", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_numbers_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digits", "person_id", "field", name="pk_numbers"),
        sa.Index("ix_numbers_person_id", "person_id"),
        sqlite_with_rowid=False,
    )
