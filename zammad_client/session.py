"""The one session with Zammad: zammad-py over httpx in threads, with deadlines, and retries for reads alone."""

from __future__ import annotations

import copy
import logging
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, TypedDict, TypeVar, Unpack

import anyio
import anyio.to_thread
import httpx
import tenacity
from zammad_py import ZammadAPI

from zammad_client.body import ACCEPTED
from zammad_client.errors import ZammadError, ZammadOutcomeUnknownError, ZammadUnavailableError
from zammad_client.exchange import Exchange
from zammad_client.failures import UnreadableAnswerError
from zammad_client.records import Json

T = TypeVar("T")
Ask = Callable[[Any], Json]  # sends one request through the ZammadAPI it gets; zammad-py ships no types
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

    headers: httpx.Headers  # instead of those of the service user
    params: Mapping[str, str]  # beside those of zammad-py
    deadline: float | None  # seconds for the whole verb
    secrets: tuple[str, ...]  # beside the token, to be struck out of errors


class Session:
    """Sends as the service user unless a request names another `From`; keeps no cookies and no connections."""

    def __init__(
        self, *, url: str, token: str, timeout: float, verify: bool | str, transport: httpx.BaseTransport | None
    ) -> None:
        self._token = token
        self._timeout = timeout
        self._client = httpx.Client(
            base_url=f"{url}/api/v1/",
            headers={"Accept": "application/json", "Accept-Encoding": ACCEPTED},
            verify=ssl.create_default_context(cafile=verify) if isinstance(verify, str) else verify,
            limits=LIMITS,
            transport=transport,
            mounts=dict.fromkeys(LOOPBACK),
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        )
        logging.getLogger("httpx").addFilter(_without_urls)
        self._api = _zammad_api(f"{url}/api/v1/", self._client)
        self._limiter = anyio.CapacityLimiter(THREADS)
        self._turn: Turn = at_once

    def in_turn(self, turn: Turn, *, threads: int) -> Session:
        """The same session with threads of its own; each request of it waits for its turn, which no deadline counts."""
        session = copy.copy(self)
        session._turn = turn  # noqa: SLF001 - its own
        session._limiter = anyio.CapacityLimiter(threads)  # noqa: SLF001 - as above
        return session

    def close(self) -> None:
        self._client.close()

    def headers_for(self, on_behalf_of: str | None = None) -> httpx.Headers:
        """Headers of one request, on behalf of an id, login or e-mail (docs/reference/zammad.md section 8.2)."""
        headers = httpx.Headers({"Authorization": f"Token token={self._token}"})
        if on_behalf_of is not None:
            headers.update({b"From": on_behalf_of.encode()})
        return headers

    async def read(self, ask: Ask, read: Read[T], **terms: Unpack[Terms]) -> T:
        """Asks again while that may help and the deadline allows it. Raises: ZammadError."""
        seconds = self._seconds(terms)
        ends_at = time.monotonic() + seconds

        async def once() -> T:
            left = ends_at - time.monotonic()
            async with self._turn():
                return await self._in_thread(self._exchange(terms, seconds=left, repeatable=True), ask, read, left)

        return await _retrying(seconds)(once)

    async def write(self, ask: Ask, read: Read[T], **terms: Unpack[Terms]) -> T:
        """Sends once. Raises: ZammadOutcomeUnknownError where it may have been carried out, else ZammadError."""
        seconds = self._seconds(terms)
        async with self._turn():
            return await self._in_thread(self._exchange(terms, seconds=seconds, repeatable=False), ask, read, seconds)

    def _seconds(self, terms: Terms) -> float:
        deadline = terms.get("deadline")
        return self._timeout if deadline is None else deadline

    def _exchange(self, terms: Terms, *, seconds: float, repeatable: bool) -> Exchange:
        headers = terms.get("headers")
        return Exchange(
            self._client,
            headers=self.headers_for() if headers is None else headers,
            params=terms.get("params", {}),
            seconds=seconds,
            repeatable=repeatable,
            secrets=(self._token, *terms.get("secrets", ())),
        )

    async def _in_thread(self, exchange: Exchange, ask: Ask, read: Read[T], seconds: float) -> T:
        api = copy.copy(self._api)
        api.session = exchange
        try:
            with anyio.fail_after(seconds):
                return await anyio.to_thread.run_sync(
                    _answer, api, ask, read, abandon_on_cancel=True, limiter=self._limiter
                )
        except TimeoutError:
            failure = exchange.out_of_time()
        finally:
            exchange.give_up()
        raise failure


def _answer(api: Any, ask: Ask, read: Read[T]) -> T:
    try:
        return read(ask(api))
    except NO_JSON:
        reason = "not JSON"
    except UnreadableAnswerError as error:
        reason = str(error)
    raise api.session.unreadable(reason)


def _zammad_api(url: str, client: httpx.Client) -> Any:
    """zammad-py over our client. It insists on a credential; the real one goes with each request."""
    api = ZammadAPI(url=url, http_token="sent with each request")  # noqa: S106 - no credential
    api.session.close()  # zammad-py's own `requests` session has no timeout and loses the status of errors
    api.session = client
    return api


def _retrying(seconds: float) -> tenacity.AsyncRetrying:
    return tenacity.AsyncRetrying(
        retry=tenacity.retry_if_exception(_may_help),
        stop=tenacity.stop_after_attempt(TRIES) | tenacity.stop_before_delay(seconds),
        wait=_pause,
        reraise=True,
    )


def _may_help(error: BaseException) -> bool:
    return isinstance(error, ZammadUnavailableError) and not isinstance(error, ZammadOutcomeUnknownError)


def _pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked_for = error.retry_after if isinstance(error, ZammadError) else None
    return max(asked_for or 0.0, tenacity.wait_random_exponential(multiplier=0.1, max=1.0)(state))


def _without_urls(record: logging.LogRecord) -> bool:
    """At level info httpx logs every URL, and the one of the CTI endpoint contains its token."""
    return record.levelno > logging.INFO
