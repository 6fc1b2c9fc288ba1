"""Servers that come and go."""

from __future__ import annotations

import socket

from zammad_client.simulator.listener import listening_on


def test_nothing_that_is_answered_waits_for_what_came_before_it_to_be_confirmed() -> None:
    with listening_on("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        let_in, _ = listening.accept()
        with let_in:
            assert let_in.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
