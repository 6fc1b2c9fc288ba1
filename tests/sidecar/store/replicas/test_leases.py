"""Who does a job that only one may do at a time."""

from __future__ import annotations

from threading import Barrier, Thread

from sidecar.store.database import Database
from sidecar.store.replicas.leases import release_lease, take_lease


def take(database: Database, holder: str, now: float) -> bool:
    with database.writing() as connection:
        return take_lease(connection, "sync", holder, now, 30.0)


def test_a_free_job_is_taken_and_kept(database: Database) -> None:
    assert take(database, "a", 100.0)
    assert take(database, "a", 120.0)
    assert not take(database, "b", 149.0)


def test_an_expired_lease_goes_to_whoever_asks_first(database: Database) -> None:
    assert take(database, "a", 100.0)
    assert take(database, "b", 130.0)
    assert not take(database, "a", 131.0)


def test_a_released_job_is_free_at_once(database: Database) -> None:
    assert take(database, "a", 100.0)
    with database.writing() as connection:
        release_lease(connection, "sync", "a")
    assert take(database, "b", 101.0)


def test_nobody_releases_what_somebody_else_holds(database: Database) -> None:
    assert take(database, "a", 100.0)
    with database.writing() as connection:
        release_lease(connection, "sync", "b")
    assert not take(database, "b", 101.0)


def test_of_many_who_ask_at_once_one_gets_it(database: Database, other_database: Database) -> None:
    start = Barrier(8)
    taken: list[str] = []

    def ask(place: int) -> None:
        start.wait()
        if take((database, other_database)[place % 2], f"replica {place}", 100.0):
            taken.append(f"replica {place}")

    threads = [Thread(target=ask, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1
