"""A session with one party: requests in threads, with deadlines, and retries for reads alone."""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, TypedDict, TypeVar, Unpack

import anyio
import anyio.to_thread
import httpx
import tenacity

from rest_transport.body import ACCEPTED
from rest_transport.errors import PartyError, Trouble, UnreadableAnswerError
from rest_transport.exchange import Exchange
from rest_transport.party import Party
from rest_transport.trust import trusting

T = TypeVar("T")
Json = Any  # what came out of an answer and has not been read yet
Ask = Callable[[Exchange], Json]  # sends one request
Turn = Callable[[], AbstractAsyncContextManager[None]]  # around each request: entered as soon as it may be sent
Read = Callable[[Json], T]  # turns the answer into a record; raises UnreadableAnswerError

THREADS = 16
TRIES = 3  # of a read
NO_JSON = (ValueError, RecursionError)  # also of integers of thousands of digits
# Zammad closes kept connections without announcing it, so none is kept (docs/reference/zammad.md section 8.5).
LIMITS = httpx.Limits(max_connections=2 * THREADS, max_keepalive_connections=0)
LOOPBACK = ("all://localhost", "all://127.0.0.1", "all://[::1]")  # never through a proxy of the environment


@asynccontextmanager
async def at_once() -> AsyncIterator[None]:
    """No request waits for another."""
    yield


class Terms(TypedDict, total=False):
    """What is special about one verb."""

    headers: httpx.Headers
    params: Mapping[str, str]  # beside those of the request itself
    deadline: float | None  # seconds for the whole verb
    secrets: tuple[str, ...]  # to be struck out of errors


class Session:
    """Keeps no cookies and no connections, and follows no redirect. `timeout`: seconds, unless a verb has its own."""

    def __init__(
        self,
        party: Party,
        *,
        base_url: str,
        timeout: float,
        verify: bool | str = True,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._party = party
        self._timeout = timeout
        self.client = httpx.Client(
            base_url=base_url,
            headers={"Accept": "application/json", "Accept-Encoding": ACCEPTED},
            verify=trusting(verify=verify),
            limits=LIMITS,
            transport=transport,
            mounts=dict.fromkeys(LOOPBACK),
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        )
        logging.getLogger("httpx").addFilter(_without_urls)
        self._limiter = anyio.CapacityLimiter(THREADS)
        self._turn: Turn = at_once

    def in_turn(self, turn: Turn, *, threads: int) -> Session:
        """The same session with threads of its own; each request of it waits for its turn, which no deadline counts."""
        session = copy.copy(self)
        session._turn = turn  # noqa: SLF001 - its own
        session._limiter = anyio.CapacityLimiter(threads)  # noqa: SLF001 - as above
        return session

    def close(self) -> None:
        self.client.close()

    async def read(self, ask: Ask, read: Read[T], **terms: Unpack[Terms]) -> T:
        """Asks again while that may help and the deadline allows it. Raises: PartyError."""
        seconds = self._seconds(terms)
        ends_at = time.monotonic() + seconds

        async def once() -> T:
            left = ends_at - time.monotonic()
            async with self._turn():
                return await self._in_thread(self._exchange(terms, seconds=left, repeatable=True), ask, read, left)

        return await self._retrying(seconds)(once)

    async def write(self, ask: Ask, read: Read[T], **terms: Unpack[Terms]) -> T:
        """Sends once. Raises: the party's `outcome_unknown` where it may have been carried out, else PartyError."""
        seconds = self._seconds(terms)
        async with self._turn():
            return await self._in_thread(self._exchange(terms, seconds=seconds, repeatable=False), ask, read, seconds)

    def _seconds(self, terms: Terms) -> float:
        deadline = terms.get("deadline")
        return self._timeout if deadline is None else deadline

    def _exchange(self, terms: Terms, *, seconds: float, repeatable: bool) -> Exchange:
        return Exchange(
            self.client,
            party=self._party,
            headers=terms.get("headers", httpx.Headers()),
            params=terms.get("params", {}),
            seconds=seconds,
            repeatable=repeatable,
            secrets=terms.get("secrets", ()),
        )

    async def _in_thread(self, exchange: Exchange, ask: Ask, read: Read[T], seconds: float) -> T:
        try:
            with anyio.fail_after(seconds):
                return await anyio.to_thread.run_sync(
                    _answer, exchange, ask, read, abandon_on_cancel=True, limiter=self._limiter
                )
        except TimeoutError:
            failure = exchange.out_of_time()
        finally:
            exchange.give_up()
        raise failure

    def _retrying(self, seconds: float) -> tenacity.AsyncRetrying:
        return tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(self._party.may_be_asked_again),
            stop=tenacity.stop_after_attempt(TRIES) | tenacity.stop_before_delay(seconds),
            wait=_pause,
            reraise=True,
        )


def _answer(exchange: Exchange, ask: Ask, read: Read[T]) -> T:
    try:
        return read(ask(exchange))
    except NO_JSON:
        reason, trouble = "not JSON", Trouble.UNREADABLE
    except UnreadableAnswerError as error:
        reason, trouble = str(error), error.trouble
    raise exchange.unreadable(reason, trouble)


def _pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked_for = error.retry_after if isinstance(error, PartyError) else None
    return max(asked_for or 0.0, tenacity.wait_random_exponential(multiplier=0.1, max=1.0)(state))


def _without_urls(record: logging.LogRecord) -> bool:
    """At level info httpx logs every URL, and some contain a token."""
    return record.levelno > logging.INFO
