"""The schema in the database: the code's tables, reached by steps, and releases that share a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread

import pytest
from alembic.autogenerate import compare_metadata
from sqlalchemy import inspect

from sidecar.errors import StoreError
from sidecar.store.database import Database
from sidecar.store.migrations import LEFT_BEHIND, comparison, known_schema, upgrade
from sidecar.store.schema import metadata
from sidecar.store.schema_version import SchemaVersion, needs_upgrade, read_schema_version
from tests.sidecar.store.migrations.releases import next_release


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    with closing(Database(empty_database_url)) as database:
        yield database


def version_of(database: Database) -> SchemaVersion:
    with database.reading() as connection:
        return read_schema_version(connection)


def columns_of_audit(database: Database) -> set[str]:
    with database.reading() as connection:
        return {column["name"] for column in inspect(connection).get_columns("audit")}


def test_the_steps_lead_to_the_tables_of_the_code(empty: Database) -> None:
    upgrade(empty)
    with empty.reading() as connection:
        assert compare_metadata(comparison(connection), metadata) == []


def test_what_the_previous_release_still_reads_is_there_and_this_one_knows_nothing_of_it(empty: Database) -> None:
    upgrade(empty)
    with empty.reading() as connection:
        for table, column in LEFT_BEHIND:
            assert column in {each["name"] for each in inspect(connection).get_columns(table)}
            assert column not in metadata.tables[table].columns


def test_an_older_schema_is_brought_up_and_keeps_its_rows(database: Database, tmp_path: Path) -> None:
    known = known_schema()
    upgrade(database, next_release(tmp_path, oldest=known))
    assert f"later_{known + 1}" in columns_of_audit(database)
    assert version_of(database) == SchemaVersion(revision_number=known + 1, oldest_compatible_number=known)


def test_the_previous_release_runs_on_a_newer_schema_that_says_so(database: Database, tmp_path: Path) -> None:
    upgrade(database, next_release(tmp_path, oldest=known_schema()))
    before = version_of(database)
    upgrade(database)
    assert version_of(database) == before


def test_a_schema_too_new_is_refused_with_the_way_out(database: Database, tmp_path: Path) -> None:
    upgrade(database, next_release(tmp_path, oldest=known_schema() + 1))
    with pytest.raises(StoreError, match="install the newer release again"):
        upgrade(database)


def test_a_broken_step_leaves_the_schema_as_it_was(database: Database, tmp_path: Path) -> None:
    before = version_of(database), columns_of_audit(database)
    with pytest.raises(LookupError):
        upgrade(database, next_release(tmp_path, oldest=1, more="raise LookupError"))
    assert (version_of(database), columns_of_audit(database)) == before


def test_of_two_processes_one_migrates_while_the_other_waits(empty: Database, empty_database_url: str) -> None:
    start = Barrier(2)
    failures: list[Exception] = []

    def bring_up(database: Database) -> None:
        start.wait()
        try:
            upgrade(database)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the test looks for
            failures.append(error)

    with closing(Database(empty_database_url)) as other:
        threads = [Thread(target=bring_up, args=(database,)) for database in (empty, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert version_of(empty).revision_number == known_schema()


@pytest.mark.parametrize(
    ("found", "known", "expected"),
    [
        (SchemaVersion(), 3, True),
        (SchemaVersion(revision_number=2, oldest_compatible_number=1), 3, True),
        (SchemaVersion(revision_number=3, oldest_compatible_number=3), 3, False),
        (SchemaVersion(revision_number=4, oldest_compatible_number=3), 3, False),
    ],
)
def test_a_release_knows_whether_it_has_to_migrate(found: SchemaVersion, known: int, *, expected: bool) -> None:
    assert needs_upgrade(found, known) is expected


def test_a_release_refuses_a_schema_that_needs_a_newer_one() -> None:
    with pytest.raises(StoreError, match="its schema 5 needs a release that knows schema 4, this one knows 3"):
        needs_upgrade(SchemaVersion(revision_number=5, oldest_compatible_number=4), 3)
