"""Directory."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
OLDEST_COMPATIBLE = 1


def upgrade() -> None:
    op.create_table(
        "organizations",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("cti_main_numbers", sa.Text(), nullable=False),
        sa.Column("unreadable", sa.Text(), nullable=True),
        sa.Column("read_as", sa.String(length=16), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    op.create_index(
        "organizations_blocked",
        "organizations",
        ["id"],
        unique=False,
        sqlite_where=sa.text("blocked"),
        postgresql_where=sa.text("blocked"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("is_agent", sa.Boolean(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("phone_switch", sa.Boolean(), nullable=False),
        sa.Column("sipgate_users", sa.Text(), nullable=False),
        sa.Column("sipgate_number", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("mobile", sa.Text(), nullable=False),
        sa.Column("cti_more_numbers", sa.Text(), nullable=False),
        sa.Column("cti_numbers", sa.Text(), nullable=False),
        sa.Column("cti_numbers_wanted", sa.Text(), nullable=False),
        sa.Column("unreadable", sa.Text(), nullable=True),
        sa.Column("read_as", sa.String(length=16), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_index(op.f("ix_people_organization_id"), "people", ["organization_id"], unique=False)
    op.create_index(
        "people_blocked",
        "people",
        ["id"],
        unique=False,
        sqlite_where=sa.text("blocked"),
        postgresql_where=sa.text("blocked"),
    )
    op.create_index(
        "people_to_repair",
        "people",
        ["id"],
        unique=False,
        sqlite_where=sa.text("cti_numbers <> cti_numbers_wanted"),
        postgresql_where=sa.text("cti_numbers <> cti_numbers_wanted"),
    )
    op.create_index(
        "people_unreadable",
        "people",
        ["id"],
        unique=False,
        sqlite_where=sa.text("unreadable IS NOT NULL"),
        postgresql_where=sa.text("unreadable IS NOT NULL"),
    )
    op.create_table(
        "numbers",
        sa.Column("digits", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_numbers_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digits", "person_id", "field", name=op.f("pk_numbers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_numbers_person_id"), "numbers", ["person_id"], unique=False)
    op.create_table(
        "organization_numbers",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.String(length=64), nullable=False),
        sa.Column("literal_prefix", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_organization_numbers_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "pattern", name=op.f("pk_organization_numbers")),
    )
    op.create_index(
        op.f("ix_organization_numbers_literal_prefix"), "organization_numbers", ["literal_prefix"], unique=False
    )
