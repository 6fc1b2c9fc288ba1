"""Nobody waits for ever for an answer that was swallowed on its way."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sidecar.store.connections.deadlines import Deadlines
from tests.waiting import until

LONG = 60.0


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_wait_without_an_answer_ends(pair: tuple[socket.socket, socket.socket]) -> None:
    deadlines = Deadlines()
    with deadlines.within(0.05, pair[0].fileno()):
        assert pair[0].recv(1) == b""
    assert deadlines.missed == 1


def test_an_answer_in_time_leaves_the_connection_as_it_is(pair: tuple[socket.socket, socket.socket]) -> None:
    deadlines = Deadlines()
    for _ in range(3):
        with deadlines.within(LONG, pair[0].fileno()):
            pair[1].send(b"1")
            assert pair[0].recv(1) == b"1"
    assert deadlines.missed == 0


def test_the_end_of_one_is_none_of_the_others(pair: tuple[socket.socket, socket.socket]) -> None:
    deadlines = Deadlines()
    other, their = socket.socketpair()
    with other, their, deadlines.within(LONG, other.fileno()):
        with deadlines.within(0.05, pair[0].fileno()):
            assert pair[0].recv(1) == b""
        their.send(b"1")
        assert other.recv(1) == b"1"
    assert deadlines.missed == 1


def test_a_connection_that_was_closed_meanwhile_harms_nobody(pair: tuple[socket.socket, socket.socket]) -> None:
    deadlines = Deadlines()
    with deadlines.within(0.05, pair[0].fileno()):
        pair[0].close()
        assert pair[1].recv(1) == b""


@pytest.mark.anyio
async def test_nothing_stays_open_of_a_wait_that_nobody_comes_back_from(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    left_alone = Deadlines().within(0.05, pair[0].fileno())
    left_alone.__enter__()
    assert descriptors_of(pair[0]) == 2
    await until(lambda: descriptors_of(pair[0]) == 1)


def descriptors_of(connection: socket.socket) -> int:
    """Of this process."""
    folder, found = Path("/proc/self/fd"), 0
    for each in folder.iterdir():
        with suppress(FileNotFoundError):  # other threads close theirs
            found += each.samefile(folder / str(connection.fileno()))
    return found


def test_told_to_end_it_shuts_what_is_under_way_and_what_begins_later() -> None:
    deadlines = Deadlines()
    ours, theirs = socket.socketpair()
    also_ours, also_theirs = socket.socketpair()
    with ours, theirs, also_ours, also_theirs:
        with deadlines.within(LONG, ours.fileno()):
            deadlines.end_within(0.0)
            assert ours.recv(1) == b""
        with deadlines.within(LONG, also_ours.fileno()):
            assert also_ours.recv(1) == b""
    assert deadlines.are_over
