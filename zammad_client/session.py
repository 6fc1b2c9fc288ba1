"""The one session with Zammad: zammad-py over our transport."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeVar, Unpack

import httpx
from zammad_py import ZammadAPI

from rest_transport import session as transport
from rest_transport.exchange import Exchange
from rest_transport.session import Read, Terms, Turn
from zammad_client.failures import ZAMMAD
from zammad_client.records import Json

T = TypeVar("T")
Ask = Callable[[Any], Json]  # sends one request through the ZammadAPI it gets; zammad-py ships no types


class Session:
    """Sends as the service user unless a request names another `From`."""

    def __init__(
        self, *, url: str, token: str, timeout: float, verify: bool | str, wire: httpx.BaseTransport | None
    ) -> None:
        self._token = token
        base_url = f"{url}/api/v1/"
        self._transport = transport.Session(ZAMMAD, base_url=base_url, timeout=timeout, verify=verify, transport=wire)
        self._api = _zammad_api(base_url, self._transport.client)

    def in_turn(self, turn: Turn, *, threads: int) -> Session:
        """The same session with threads of its own; each request of it waits for its turn, which no deadline counts."""
        session = copy.copy(self)
        session._transport = self._transport.in_turn(turn, threads=threads)  # noqa: SLF001 - its own
        return session

    def close(self) -> None:
        self._transport.close()

    def headers_for(self, on_behalf_of: str | None = None) -> httpx.Headers:
        """Headers of one request, on behalf of an id, login or e-mail (docs/reference/zammad.md section 8.2)."""
        headers = httpx.Headers({"Authorization": f"Token token={self._token}"})
        if on_behalf_of is not None:
            headers.update({b"From": on_behalf_of.encode()})
        return headers

    async def read(self, ask: Ask, read: Read[T], **terms: Unpack[Terms]) -> T:
        """Asks again while that may help and the deadline allows it. Raises: ZammadError."""
        return await self._transport.read(self._through_api(ask), read, **self._complete(terms))

    async def write(self, ask: Ask, read: Read[T], **terms: Unpack[Terms]) -> T:
        """Sends once. Raises: ZammadOutcomeUnknownError where it may have been carried out, else ZammadError."""
        return await self._transport.write(self._through_api(ask), read, **self._complete(terms))

    def _through_api(self, ask: Ask) -> transport.Ask:
        def ask_through(exchange: Exchange) -> Json:
            api = copy.copy(self._api)
            api.session = exchange
            return ask(api)

        return ask_through

    def _complete(self, terms: Terms) -> Terms:
        """With the service user's headers where a verb has none, and the token among what is struck out of errors."""
        complete: Terms = {"headers": self.headers_for(), **terms}
        complete["secrets"] = (self._token, *terms.get("secrets", ()))
        return complete


def _zammad_api(url: str, client: httpx.Client) -> Any:
    """zammad-py over our client. It insists on a credential; the real one goes with each request."""
    api = ZammadAPI(url=url, http_token="sent with each request")  # noqa: S106 - no credential
    api.session.close()  # zammad-py's own `requests` session has no timeout and loses the status of errors
    api.session = client
    return api
