"""The tables of the directory: who has which number, as last read from Zammad. Ids are Zammad's."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, false, text

from sidecar.store.metadata import metadata

FIELD = String(100)
BLOCKED = text("blocked")
NEEDS_REPAIR = text("cti_numbers <> cti_numbers_wanted")
UNREADABLE = text("unreadable IS NOT NULL")

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("is_agent", Boolean, nullable=False),
    Column("organization_id", Integer, index=True),  # may come later than its members: no foreign key
    Column("blocked", Boolean, nullable=False),
    Column("phone_switch", Boolean, nullable=False),
    Column("sipgate_users", Text, nullable=False),
    Column("sipgate_number", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("mobile", Text, nullable=False),
    Column("cti_more_numbers", Text, nullable=False),
    Column("cti_numbers", Text, nullable=False),
    Column("cti_numbers_wanted", Text, nullable=False),  # what the repair has to write there
    Column("unreadable", Text),  # pieces of the number fields that are no phone number, one a line
    Column("numbers_in_note", Boolean, nullable=False, server_default=false()),
    Column("read_as", String(16), nullable=False),  # how it was read: what is read otherwise now is read again
    Column("updated_at", Float, nullable=False),
    Index("people_blocked", "id", sqlite_where=BLOCKED, postgresql_where=BLOCKED),
    Index("people_to_repair", "id", sqlite_where=NEEDS_REPAIR, postgresql_where=NEEDS_REPAIR),
    Index("people_unreadable", "id", sqlite_where=UNREADABLE, postgresql_where=UNREADABLE),
)

numbers = Table(
    "numbers",
    metadata,
    Column("digits", String(20), primary_key=True),  # E.164 without plus
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("field", FIELD, primary_key=True),  # phone, mobile, cti_more_numbers, or another attribute
    sqlite_with_rowid=False,
)

# Apart from the others, and so unknown to whoever blocks, exempts or repairs.
loose_numbers = Table(
    "loose_numbers",
    metadata,
    Column("digits", String(20), primary_key=True),  # one of several readings; of a block what stands before the -0
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("field", FIELD, primary_key=True),
    Column("holding", String(8), primary_key=True),  # identification.Holding: perhaps, block
    sqlite_with_rowid=False,
)

organizations = Table(
    "organizations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("cti_main_numbers", Text, nullable=False),
    Column("unreadable", Text),
    Column("read_as", String(16), nullable=False),
    Column("updated_at", Float, nullable=False),
    Index("organizations_blocked", "id", sqlite_where=BLOCKED, postgresql_where=BLOCKED),
)

organization_numbers = Table(
    "organization_numbers",
    metadata,
    Column("organization_id", ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    Column("pattern", String(64), primary_key=True),  # digits, `*` and `?`
    Column("literal_prefix", String(20), nullable=False, index=True),  # the digits before the first wildcard
)

# Of which Zammad did not take `cti_numbers`, because of something else in their record or of a right that is missing.
refused_repairs = Table(
    "refused_repairs",
    metadata,
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("wanted", Text, nullable=False),
    Column("record_at", Float, nullable=False),  # `updated_at` of the record that was refused
    Column("field", FIELD, nullable=False),  # mandatory and empty; empty: nobody knows which
    Column("status", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Column("refused_at", Float, nullable=False),
    Column("asked_at", Float, nullable=False),  # when Zammad was last asked whether it would take it now
    Column("again_at", Float, nullable=False),  # when it is tried again
)
