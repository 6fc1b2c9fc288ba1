"""One request of one verb: own headers, own deadline. It has the shape of the session that zammad-py wants."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

import httpx

from rest_transport.body import Body, without_packing
from rest_transport.errors import PartyError, Trouble
from rest_transport.party import Party, Sent

Json = Any  # what is sent has been made by whoever knows the party


class Exchange:
    """Sends through the shared client what belongs to this request alone, and knows whether it has left.

    The thread that sends may be given up by its caller. From then on it sends nothing any more: a request that was
    still looking for its connection must not arrive after the caller was told that it did not.
    """

    def __init__(
        self,
        client: httpx.Client,
        *,
        party: Party,
        headers: httpx.Headers,
        params: Mapping[str, str],
        seconds: float,
        repeatable: bool,
        secrets: tuple[str, ...],
    ) -> None:
        self._client = client
        self._party = party
        self._headers = headers
        self._params = params
        self._ends_at = time.monotonic() + seconds
        self._sent = Sent(repeatable=repeatable, secrets=secrets)
        self._lock = threading.Lock()
        self._given_up = False
        self._maybe_sent = False

    def get(self, url: str, params: Mapping[str, Json] | None = None) -> httpx.Response:
        return self._answer("GET", url, params=params)

    def post(self, url: str, json: Json = None, params: Mapping[str, Json] | None = None) -> httpx.Response:
        return self._answer("POST", url, params=params, json=json)

    def delete(self, url: str) -> httpx.Response:
        return self._answer("DELETE", url, params=None)

    def put(self, url: str, json: Json = None, params: Mapping[str, Json] | None = None) -> httpx.Response:
        return self._answer("PUT", url, params=params, json=json)

    def give_up(self) -> bool:
        """Nothing is sent from now on. True: the request may already be on its way."""
        with self._lock:
            self._given_up = True
            return self._maybe_sent

    def unreadable(self, reason: str, trouble: Trouble = Trouble.UNREADABLE) -> PartyError:
        """The error for an answer that came and cannot be read."""
        return self._party.unreadable(reason, repeatable=self._sent.repeatable, trouble=trouble)

    def out_of_time(self) -> PartyError:
        """Gives up; the error says whether the request may have been carried out."""
        return self._party.out_of_time(repeatable=self._sent.repeatable or not self.give_up())

    def _answer(self, method: str, url: str, *, params: Mapping[str, Json] | None, json: Json = None) -> httpx.Response:
        """A success. Raises outside of `except`: httpx's errors repeat URLs and headers, so no chain may lead there."""
        try:
            response = self._received(method, url, {**(params or {}), **self._params}, json)
        except httpx.HTTPError as error:
            failure = self._party.failure_of_connection(error, repeatable=self._sent.repeatable)
        else:
            if response.is_success:
                return response
            failure = self._party.failure_of_answer(response, self._sent)
        raise failure

    def _received(self, method: str, url: str, params: Mapping[str, Json], json: Json) -> httpx.Response:
        self._claim()
        with self._client.stream(
            method,
            url,
            params=params or None,
            json=json,
            headers=self._headers,
            timeout=max(self._ends_at - time.monotonic(), 0.001),
            extensions={"trace": self._follow},
        ) as response:
            body = self._body(response)
        headers = without_packing(response.headers)
        return httpx.Response(response.status_code, headers=headers, content=body, request=response.request)

    def _body(self, response: httpx.Response) -> bytes:
        """Unless it trickles in for longer than the deadline: httpx's timeout begins anew with each piece."""
        body = Body(response.headers.get("Content-Encoding", ""))
        for piece in response.iter_raw():
            if time.monotonic() > self._ends_at:
                raise httpx.ReadTimeout("the answer takes too long", request=response.request)
            body.add(piece)
        return body.content

    def _follow(self, event: str, details: Mapping[str, object]) -> None:  # noqa: ARG002 - httpcore gives both
        """Called by httpcore: nothing has left while it connects, everything may have once it begins to send."""
        if event == "connection.connect_tcp.started":
            with self._lock:
                self._maybe_sent = False
        elif event == "http11.send_request_headers.started":
            self._claim()

    def _claim(self) -> None:
        with self._lock:
            if self._given_up:
                raise self._party.given_up()
            self._maybe_sent = True
