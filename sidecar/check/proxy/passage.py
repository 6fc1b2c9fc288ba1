"""What became of a request on its way through the proxy: the path, the sender, the host, large bodies, and streams."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from rest_transport.trust import authorities
from sidecar.calls.reasons import Reason, because
from sidecar.check.finding import Finding, problem, warning
from sidecar.check.proxy.lines import line_for, proxy_named
from sidecar.codes.findings import Passage, Topic

LIE = "192.0.2.7"  # an address that nobody has (RFC 5737): whoever passes it on believes what senders say
TRICKLE = "/trickle"  # a page that says something at once, and something more after a while
_NOBODY = {502, 503, 504}  # answered by a proxy of its own accord
_AT_ONCE = 0.7  # seconds; the page takes longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What the sidecar has seen of a request, as it tells whoever has the token."""

    client: str
    forwarded: str | None  # X-Forwarded-For
    host: str
    scheme: str


def arrived_from(text: str) -> Arrived | None:
    """From the header X-Sidecar-Seen; None where it cannot be read."""
    try:
        told = json.loads(text)
        return Arrived(
            client=str(told["client"]),
            forwarded=None if told["forwarded"] is None else str(told["forwarded"]),
            host=str(told["host"]),
            scheme=str(told["scheme"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def altered(url: str, server: str, arrived: Arrived) -> Iterator[Finding]:
    """What is not as it was sent to this URL, with `LIE` as its sender. `server`: the header of the answer."""
    proxy = proxy_named(server)
    if arrived.forwarded is None:
        line = line_for(Passage.ADDRESS_LOST, proxy)
        yield _warned(because(Passage.ADDRESS_LOST, url=url, proxy=proxy.value, line=line))
    elif arrived.client == LIE:
        line = line_for(Passage.ADDRESS_BELIEVED, proxy)
        yield _warned(because(Passage.ADDRESS_BELIEVED, url=url, proxy=proxy.value, line=line))
    elif arrived.client not in arrived.forwarded:
        yield _warned(because(Passage.UNTRUSTED, address=arrived.client))
    wanted = urlsplit(url)
    if arrived.host.lower().removesuffix(":443") != wanted.netloc.lower().removesuffix(":443"):
        line = line_for(Passage.WRONG_HOST, proxy)
        yield _warned(because(Passage.WRONG_HOST, url=url, host=arrived.host, proxy=proxy.value, line=line))
    elif arrived.scheme != wanted.scheme:
        line = line_for(Passage.SCHEME_LOST, proxy)
        yield _warned(because(Passage.SCHEME_LOST, url=url, proxy=proxy.value, line=line))


def cut_short(url: str, server: str, path: str) -> Finding:
    """`path`: as it arrived, the token left out."""
    line = line_for(Passage.PATH_CHANGED, proxy := proxy_named(server))
    return problem(Topic.PUBLIC_URL, because(Passage.PATH_CHANGED, url=url, path=path, proxy=proxy.value, line=line))


def refused_large(url: str, server: str, status: int) -> Finding:
    line = line_for(Passage.BODY_LIMIT, proxy := proxy_named(server))
    return _warned(because(Passage.BODY_LIMIT, url=url, status=status, proxy=proxy.value, line=line))


async def pages_through(
    url: str, *, patience: float, transport: httpx.AsyncBaseTransport | None = None
) -> list[Finding]:
    """Whether the pages' address leads here too, and sends events as they come; nothing where nobody answers."""
    try:
        async with (
            httpx.AsyncClient(timeout=patience, verify=authorities(), transport=transport, trust_env=False) as client,
            client.stream("GET", f"{url}{TRICKLE}") as answer,
        ):
            return [each async for each in _of_stream(url, answer)]
    except httpx.HTTPError:
        return []


async def _of_stream(url: str, answer: httpx.Response) -> AsyncIterator[Finding]:
    if answer.status_code in _NOBODY:
        return
    proxy = proxy_named(answer.headers.get("Server", ""))
    is_stream = answer.headers.get("Content-Type", "").startswith("text/event-stream")
    if answer.status_code != httpx.codes.OK or not is_stream:
        line = line_for(Passage.PAGES_ELSEWHERE, proxy)
        yield _warned(because(Passage.PAGES_ELSEWHERE, url=url, proxy=proxy.value, line=line))
    elif await _came_at_once(answer):
        line = line_for(Passage.BUFFERED, proxy)
        yield _warned(because(Passage.BUFFERED, url=url, proxy=proxy.value, line=line))


async def _came_at_once(answer: httpx.Response) -> bool:
    """The beginning no sooner than the end."""
    began, first = time.monotonic(), 0.0
    async for _ in answer.aiter_raw():
        first = first or time.monotonic() - began
    return time.monotonic() - began - first < _AT_ONCE


def _warned(reason: Reason) -> Finding:
    return warning(Topic.PUBLIC_URL, reason)
