"""Opening a database, transactions, turns, and errors in words."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from threading import Barrier, Event, Semaphore, Thread
from typing import Any

import anyio
import psycopg
import pytest
from sqlalchemy import Connection, create_engine, insert, make_url, select, text

from sidecar.errors import StoreError
from sidecar.store.connections.postgresql import RESTED
from sidecar.store.database import THREADS, THREADS_ASIDE, Database, RefusedError, serialised
from sidecar.store.migrations import upgrade
from sidecar.store.replicas.tables import leases
from tests.swallowing_proxy import swallowing_proxy
from tests.waiting import PATIENCE

LONG = 60.0  # seconds

pytestmark = pytest.mark.anyio


def names_of(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(leases.c.name).order_by(leases.c.name)).scalars())


def lease(name: str) -> dict[str, object]:
    return {"name": name, "holder": "test", "expires_at": 1.0}


def test_a_reading_sees_one_state_whatever_is_committed_meanwhile(database: Database, other_database: Database) -> None:
    with database.reading() as connection:
        query = select(leases.c.name)
        assert connection.execute(query).all() == []
        with other_database.writing() as writing:
            writing.execute(insert(leases).values(**lease("meanwhile")))
        assert connection.execute(query).all() == []
    assert names_of(database) == ["meanwhile"]


def test_a_writing_sees_what_was_committed_before_it_asks(database: Database, other_database: Database) -> None:
    """Whoever waited for its turn must see what the one before has done."""
    if database.dialect == "sqlite":
        pytest.skip("one transaction writes at a time")
    names_of(database)  # its connection goes back to the pool
    with database.writing() as connection:
        query = select(leases.c.name)
        assert connection.execute(query).all() == []
        with other_database.writing() as writing:
            writing.execute(insert(leases).values(**lease("meanwhile")))
        assert connection.execute(query).scalars().all() == ["meanwhile"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "mysql://u:hunter2@host/db",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://u:hunter2@host:port/db",
        "postgresql+asyncpg://u:hunter2@host/db",
        "postgresql://u:hun@ter2@host/db",
    ],
)
def test_a_url_that_names_no_supported_database_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(StoreError, match=r"database\.url") as caught:
        Database(url)
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "ter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://sidecar:hunter2@127.0.0.1:1/db",
        "postgres://sidecar@127.0.0.1:1/db?password=hunter2",
        "postgresql+psycopg://sidecar:hunter2@127.0.0.1:1/db",
    ],
)
def test_a_server_that_does_not_answer_is_named_without_the_password(url: str) -> None:
    database = Database(url)
    with pytest.raises(StoreError, match=r"database cannot be opened .*sidecar.*127\.0\.0\.1:1/db") as caught:
        names_of(database)
    assert "hunter2" not in str(caught.value) + repr(database)


def test_a_missing_directory_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"database cannot be opened .*missing/sidecar\.db"):
        names_of(Database(f"sqlite:///{tmp_path}/missing/sidecar.db"))


def test_a_file_that_is_no_database_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        names_of(Database(f"sqlite:///{tmp_path}/letter.txt"))


def test_a_database_without_tables_says_who_makes_them(empty_database_url: str) -> None:
    with closing(Database(empty_database_url)) as database, pytest.raises(StoreError, match="not set up"):
        names_of(database)


def test_a_transaction_is_kept_when_left_and_undone_when_broken(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(leases).values(lease("kept")))

    def break_off() -> None:
        with database.writing() as connection:
            connection.execute(insert(leases).values(lease("undone")))
            raise LookupError

    with pytest.raises(LookupError):
        break_off()
    assert names_of(database) == ["kept"]


def test_values_the_database_will_never_take_are_told_apart(database: Database) -> None:
    with pytest.raises(RefusedError), database.writing() as connection:
        connection.execute(insert(leases), [lease("twice"), lease("twice")])
    assert names_of(database) == []


def test_errors_never_show_the_values(database: Database) -> None:
    with pytest.raises(StoreError) as caught, database.writing() as connection:
        connection.execute(text("SELECT * FROM nowhere WHERE n = :number"), {"number": "+49301234567"})
    assert "+49301234567" not in f"{caught.value} {caught.value.__cause__}"


async def test_work_runs_in_a_thread(database: Database) -> None:
    added = insert(leases).values(lease("a")).returning(leases.c.holder)
    assert await database.write(lambda connection: connection.execute(added).scalar_one()) == "test"
    assert await database.read(lambda connection: connection.execute(select(leases.c.name)).scalar_one()) == "a"


@pytest.mark.parametrize("slow_ones_aside", [True, False])
async def test_work_of_pages_and_of_calls_does_not_wait_for_each_others_threads(
    database: Database, *, slow_ones_aside: bool
) -> None:
    slow, quick = (database.aside(), database) if slow_ones_aside else (database, database.aside())
    over, began = Event(), Semaphore(0)

    def wait(_connection: Connection) -> None:
        began.release()
        assert over.wait(PATIENCE)

    async with anyio.create_task_group() as group:
        for _ in range(THREADS + THREADS_ASIDE):
            group.start_soon(slow.read, wait)
        for _ in range(THREADS_ASIDE if slow_ones_aside else THREADS):
            assert await anyio.to_thread.run_sync(lambda: began.acquire(timeout=PATIENCE))
        try:
            assert await quick.read(lambda connection: connection.execute(text("SELECT 1")).scalar_one()) == 1
        finally:
            over.set()


async def test_what_is_seen_of_the_database_aside_is_seen_of_it(database: Database) -> None:
    with suppress(StoreError):
        await database.aside().write(lambda connection: connection.execute(text("SELECT 1 FROM nowhere")))
    assert database.health.write_problem is not None


def test_commits_are_on_disk_before_they_return(database: Database) -> None:
    setting = "PRAGMA synchronous" if database.dialect == "sqlite" else "SHOW synchronous_commit"
    with database.reading() as connection:
        assert connection.exec_driver_sql(setting).scalar_one() in {2, "on"}


def test_what_is_serialised_happens_one_after_the_other(database: Database, other_database: Database) -> None:
    start = Barrier(2)
    inside: list[str] = []

    def work(replica: Database, name: str) -> None:
        start.wait()
        for _ in range(20):
            with replica.writing() as connection:
                serialised(connection, "fold")
                inside.append(name)
                connection.execute(select(leases)).all()
                inside.append(name)

    threads = [Thread(target=work, args=(database, "a")), Thread(target=work, args=(other_database, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inside[::2] == inside[1::2]
    assert len(inside) == 80


def test_a_locked_file_is_said_in_words_and_free_again_afterwards(sqlite_url: str) -> None:
    database = Database(f"{sqlite_url}?timeout=0.05")
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another process"), database.writing():
        pass
    other.rollback()
    other.close()
    with database.writing() as connection:
        connection.execute(insert(leases).values(lease("a")))
    assert names_of(database) == ["a"]
    database.close()


def test_a_connection_that_was_cut_is_replaced(postgres_url: str) -> None:
    database, surgeon = Database(postgres_url), Database(postgres_url)
    names_of(database)
    with surgeon.writing() as connection:
        cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(text(f"{cut} AND pid <> pg_backend_pid()"))
    assert names_of(database) == []
    database.close()
    surgeon.close()


async def test_a_connection_aside_is_closed_although_its_user_was_cancelled_in_the_middle(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database, anyio.CancelScope() as scope:
        async with database.connected_aside() as connection:
            await connection.lock.acquire()  # as whoever waits for an answer has it
            scope.cancel()
            await anyio.sleep_forever()
    assert connection.closed


def test_after_a_fault_the_next_transaction_has_a_connection_of_its_own(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.writing() as connection:
        connection.execute(insert(leases).values(lease("a")))
        before = connection
    with database.writing() as connection:
        assert connection is before  # so that what it keeps in memory stays of use
    with pytest.raises(RefusedError), database.writing() as connection:
        connection.execute(insert(leases), [lease("b"), lease("a")])
    with database.writing() as connection:
        assert connection is not before
        connection.execute(insert(leases).values(lease("c")))
    assert names_of(database) == ["a", "c"]
    database.close()


def test_closing_waits_for_a_writer_but_not_for_ever(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    closing_it = Thread(target=partial(database.close, patience=0.05))
    with database.writing() as connection:
        connection.execute(insert(leases).values(lease("a")))
        closing_it.start()
        closing_it.join(60)
        assert not closing_it.is_alive()
    assert names_of(database) == ["a"]
    database.close()


def answers(database: Database, *, within: float = LONG, meanwhile: Callable[[], None] = lambda: None) -> bool:
    with database.writing(within=within) as connection:
        meanwhile()
        return bool(connection.execute(select(1)).scalar_one())


@pytest.mark.parametrize("kind", ["sqlite_url", "postgres_url"])
def test_what_is_still_in_use_when_it_closes_is_closed_after_use(kind: str, request: pytest.FixtureRequest) -> None:
    database = Database(request.getfixturevalue(kind))
    with database.reading() as connection:
        driver: Any = connection.connection.driver_connection
        connection.exec_driver_sql("SELECT 1")
        database.close(patience=0.0)
    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
        driver.execute("SELECT 1")


def test_a_server_that_falls_silent_holds_nobody_up_for_ever(postgres_url: str) -> None:
    with swallowing_proxy(postgres_url) as (proxy, url), closing(Database(url)) as database:
        assert answers(database)
        time.sleep(RESTED)
        proxy.swallow()  # what rests in the pool: another connection takes its place
        assert answers(database)
        with pytest.raises(StoreError):
            answers(database, within=0.2, meanwhile=proxy.swallow)
        assert answers(database)


def test_a_server_that_falls_silent_while_a_connection_is_made_holds_nobody_up_for_ever(postgres_url: str) -> None:
    def reached(pieces: float) -> bool:
        with swallowing_proxy(postgres_url) as (proxy, url), closing(Database(url)) as database:
            proxy.answers = pieces
            try:
                return answers(database, within=2.0)
            except StoreError:
                return False

    said = [*range(20), math.inf]  # some ten pieces are said until a new connection can be used
    with ThreadPoolExecutor(max_workers=len(said)) as side_by_side:
        outcomes = list(side_by_side.map(reached, said))
    assert (outcomes[0], outcomes[-1]) == (False, True)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_hold_every_name_is_refused_in_words(empty_postgres_url: str, encoding: str) -> None:
    name = f"other_{encoding.lower()}"
    engine = create_engine(empty_postgres_url, isolation_level="AUTOCOMMIT")
    with closing(engine.connect()) as connection:
        connection.execute(text(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"))
        url = make_url(empty_postgres_url).set(database=name).render_as_string(hide_password=False)
        with closing(Database(url)) as database:
            with pytest.raises(StoreError, match=f"its encoding is {encoding}"), database.reading():
                pass
            with pytest.raises(StoreError, match="ENCODING 'UTF8'"):
                upgrade(database)
        connection.execute(text(f"DROP DATABASE {name}"))
    engine.dispose()
