"""Threads that write to SQLite, one after the other."""

from __future__ import annotations

from threading import Event, Thread

from sidecar.store.connections.fair_lock import FairLock


def test_whoever_asks_first_is_served_first() -> None:
    lock, served = FairLock(), list[int]()
    first_has_it = Event()
    others: list[Thread] = []

    def ask(number: int) -> None:
        with lock.taken():
            served.append(number)

    with lock.taken():
        for number in range(5):
            others.append(Thread(target=ask, args=(number,)))
            others[-1].start()
            while len(lock._waiting) < number + 2:  # the thread stands in the queue
                first_has_it.wait(0.001)
    for other in others:
        other.join()
    assert served == [0, 1, 2, 3, 4]
