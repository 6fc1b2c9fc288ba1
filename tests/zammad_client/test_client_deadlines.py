"""Time: a verb returns at its deadline, and says truly whether its request may have been carried out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import anyio
import anyio.to_thread
import httpx
import pytest
import respx

from rest_transport.exchange import Exchange
from rest_transport.session import THREADS
from tests.waiting import PATIENCE
from tests.zammad_client.recorded import API, CTI_TOKEN, URL, answer, some_zammad
from zammad_client import Zammad, ZammadError, ZammadOutcomeUnknownError, ZammadUnavailableError
from zammad_client.failures import ZAMMAD

pytestmark = pytest.mark.anyio


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """A Zammad that answers nothing until the event is set."""
    release = threading.Event()

    def wait(_request: httpx.Request) -> httpx.Response:
        release.wait()
        return answer("users_me")

    with respx.mock:
        respx.route().mock(side_effect=wait)
        yield release
        release.set()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Takes connections and what is sent, and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


@pytest.mark.usefixtures("stuck")
async def test_a_read_ends_at_the_deadline_of_its_caller() -> None:
    with pytest.raises(ZammadUnavailableError) as failed:
        await some_zammad().user(6, deadline=0.05)
    assert type(failed.value) is ZammadUnavailableError


async def test_a_write_ends_at_the_timeout_with_an_unknown_outcome() -> None:
    asked, release = threading.Event(), threading.Event()

    def wait(_request: httpx.Request) -> httpx.Response:
        asked.set()
        release.wait()
        return answer("users_me")

    with respx.mock:
        respx.route().mock(side_effect=wait)
        for seconds in (0.05, 1.0, PATIENCE):  # a busy machine has not sent it yet when a short timeout is over
            with pytest.raises(ZammadError) as failed:
                await some_zammad(timeout=seconds).call_event(CTI_TOKEN, {})
            if asked.is_set():
                break
        release.set()
    assert type(failed.value) is ZammadOutcomeUnknownError


async def test_stuck_verbs_leave_the_threads_of_others_alone(stuck: threading.Event) -> None:
    zammad = some_zammad()
    async with anyio.create_task_group() as tasks:
        for _ in range(2 * THREADS):
            tasks.start_soon(zammad.me)
        await anyio.wait_all_tasks_blocked()
        assert anyio.to_thread.current_default_thread_limiter().borrowed_tokens == 0
        assert await anyio.to_thread.run_sync(threading.active_count) > THREADS
        stuck.set()


async def test_a_write_that_never_got_a_thread_was_not_sent(stuck: threading.Event) -> None:
    zammad = some_zammad(timeout=0.3)
    async with anyio.create_task_group() as tasks:
        for _ in range(THREADS):
            tasks.start_soon(user_within_ten_seconds, zammad)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(ZammadUnavailableError) as failed:
            await zammad.call_event(CTI_TOKEN, {})
        assert type(failed.value) is ZammadUnavailableError
        stuck.set()


async def user_within_ten_seconds(zammad: Zammad) -> None:
    await zammad.user(9, deadline=10.0)


async def test_a_write_without_an_answer_may_have_been_carried_out(silent_port: int) -> None:
    zammad = some_zammad(f"http://127.0.0.1:{silent_port}", timeout=0.2)
    with pytest.raises(ZammadOutcomeUnknownError):
        await zammad.call_event(CTI_TOKEN, {})


async def test_a_write_that_was_still_connecting_was_not_carried_out(silent_port: int) -> None:
    zammad = some_zammad(f"https://127.0.0.1:{silent_port}", timeout=0.2)
    with pytest.raises(ZammadUnavailableError) as failed:
        await zammad.call_event(CTI_TOKEN, {})
    assert type(failed.value) is ZammadUnavailableError


async def test_a_zammad_that_is_not_there_is_unavailable_for_writes_too(silent_port: int) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        free_port = server.getsockname()[1]
    assert free_port != silent_port
    with pytest.raises(ZammadUnavailableError, match=r"cannot connect to Zammad: .*refused") as failed:
        await some_zammad(f"http://127.0.0.1:{free_port}").call_event(CTI_TOKEN, {})
    assert type(failed.value) is ZammadUnavailableError


async def test_a_cancelled_verb_stops_at_once(silent_port: int) -> None:
    zammad = some_zammad(f"http://127.0.0.1:{silent_port}", timeout=0.5)
    with anyio.move_on_after(0.05) as scope:
        await zammad.call_event(CTI_TOKEN, {})
    assert scope.cancelled_caught


class LeftByItsCaller(Exchange):
    """Its caller gives up just when the connection stands."""

    def _follow(self, event: str, details: Mapping[str, object]) -> None:
        if event == "connection.connect_tcp.complete":
            assert self.give_up() is False
        super()._follow(event, details)


def exchange(client: httpx.Client, *, seconds: float = 10.0, kind: type[Exchange] = Exchange) -> Exchange:
    return kind(client, party=ZAMMAD, headers=httpx.Headers(), params={}, seconds=seconds, repeatable=False, secrets=())


@respx.mock
def test_what_was_given_up_before_it_was_sent_is_never_sent() -> None:
    route = respx.route()
    with httpx.Client(base_url=API) as client:
        late = exchange(client)
        assert late.give_up() is False
        with pytest.raises(ZammadUnavailableError, match="given up"):
            late.post("tickets", json={})
    assert not route.called


def test_what_is_given_up_while_it_connects_is_never_sent() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server, httpx.Client() as client:
        late = exchange(client, kind=LeftByItsCaller)
        with pytest.raises(ZammadUnavailableError, match="given up"):
            late.post(f"http://127.0.0.1:{server.getsockname()[1]}/", json={})
        connection, _ = server.accept()
        with closing(connection):
            assert connection.recv(1) == b""


@respx.mock
def test_an_answer_that_trickles_in_is_left_at_the_deadline() -> None:
    def trickle() -> Iterator[bytes]:
        while True:
            yield b" "

    respx.route().mock(side_effect=lambda _: httpx.Response(200, content=trickle()))
    with httpx.Client(base_url=URL) as client, pytest.raises(ZammadOutcomeUnknownError):
        exchange(client, seconds=0.05).post("tickets")


class KeptAlive(BaseHTTPRequestHandler):
    """Answers everything with a user, and would keep the connection alive."""

    protocol_version = "HTTP/1.1"
    visitors: ClassVar[set[tuple[str, int]]] = set()

    def do_GET(self) -> None:
        self.visitors.add(self.client_address)
        body = answer("users_me").content
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Silence."""


async def test_every_request_gets_a_connection_of_its_own() -> None:
    KeptAlive.visitors.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), KeptAlive) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        zammad = some_zammad(f"http://127.0.0.1:{server.server_address[1]}")
        for _ in range(12):
            await zammad.me()
        async with anyio.create_task_group() as tasks:
            for _ in range(12):
                tasks.start_soon(zammad.me)
        await zammad.aclose()
        server.shutdown()
        thread.join()
    assert len(KeptAlive.visitors) == 24


async def test_a_dropped_connection_is_an_unknown_outcome_and_is_not_repeated() -> None:
    visits = 0
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def hang_up() -> None:
            nonlocal visits
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with closing(connection):
                    visits += bool(connection.recv(65536))

        thread = threading.Thread(target=hang_up)
        thread.start()
        zammad = some_zammad(f"http://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(ZammadOutcomeUnknownError):
            await zammad.call_event(CTI_TOKEN, {})
        assert visits == 1
        with pytest.raises(ZammadError):
            await zammad.me()
        assert visits == 4
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
