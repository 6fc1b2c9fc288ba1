"""The way from sipgate to the sidecar: does the public URL, through the proxy, lead here?"""

from __future__ import annotations

import ipaddress
import secrets
import ssl
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit

import httpx

from rest_transport.trust import authorities
from sidecar.calls.reasons import Reason, because
from sidecar.check.finding import Finding, ok, problem, warning
from sidecar.check.proxy.passage import LIE, altered, arrived_from, cut_short, pages_through, refused_large
from sidecar.codes.findings import Passage, Silence, Topic, WayIn
from sidecar.hooks.http import PREFIX

PATIENCE = 4.0  # seconds for one knock
_THIS_MACHINE = ("all://localhost", "all://127.0.0.1", "all://[::1]")  # never through a proxy of the environment
NONCE = "X-Sidecar-Nonce"
LARGE = 60 * 1024  # bytes: a hook with all the phones of a large company


class Ending(StrEnum):
    """How a knock ended."""

    NONCE = "nonce"  # came back: it was this sidecar
    ANSWERED = "answered"
    NO_HOST = "no host"
    BAD_CERTIFICATE = "bad certificate"
    NO_CONNECTION = "no connection"
    NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """What came of a request to the hook path with a nonce."""

    ending: Ending
    status: int = 0
    content_type: str = ""
    body: str = ""
    server: str = ""  # as whoever answered calls itself
    location: str = ""
    path: str = ""  # of a sidecar that was asked at another path: as it arrived
    seen: str = ""  # what a sidecar has seen of it

    @property
    def of_a_sidecar(self) -> bool:
        return self.content_type.startswith("application/xml") and self.body == "<Response/>"

    @property
    def of_zammad(self) -> bool:
        """Its errors are JSON, and XML with an Error inside from the built-in integration."""
        return self.content_type.startswith("application/json") or "<Error>" in self.body

    @property
    def of_a_proxy(self) -> bool:
        """Nobody behind it has answered."""
        return self.ending is Ending.ANSWERED and self.status in {502, 503, 504}


async def knock(url: str, token: str, *, size: int = 0, transport: httpx.AsyncBaseTransport | None = None) -> Knock:
    """Posts a form that means nothing to anybody, and looks whether the nonce comes back. `size`: bytes."""
    nonce = secrets.token_hex(8)
    address = f"{url}{PREFIX}/{quote(token, safe='')}/in"
    try:
        async with httpx.AsyncClient(
            timeout=PATIENCE, verify=authorities(), transport=transport, mounts=dict.fromkeys(_THIS_MACHINE)
        ) as client:
            headers = {NONCE: nonce, "X-Forwarded-For": LIE}
            answer = await client.post(address, headers=headers, content=b" " * size)
    except httpx.HTTPError as error:
        return Knock(ending=_ending(error))
    return Knock(
        ending=Ending.NONCE if answer.headers.get(NONCE) == nonce else Ending.ANSWERED,
        status=answer.status_code,
        content_type=answer.headers.get("content-type", ""),
        body=answer.text[:1000],
        server=answer.headers.get("server", ""),
        location=answer.headers.get("location", ""),
        path=answer.headers.get("x-sidecar-path", ""),
        seen=answer.headers.get("x-sidecar-seen", ""),
    )


def _ending(error: BaseException) -> Ending:
    if not isinstance(error, httpx.ConnectError):
        return Ending.NO_CONNECTION if isinstance(error, httpx.ConnectTimeout) else Ending.NO_ANSWER
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return Ending.BAD_CERTIFICATE
    words = str(error).lower()
    unknown = "name" in words or "nodename" in words or "getaddrinfo" in words
    return Ending.NO_HOST if unknown else Ending.NO_CONNECTION


async def way_in(public_url: str, token: str, *, pages: str, directly: str | None, hooks_arrive: bool) -> list[Finding]:
    """Through the public URL; where that leads nowhere, directly, to tell the proxy's faults from a missing service.

    `pages`: their address from outside.
    """
    outside = await knock(public_url, token)
    runs = outside.ending is Ending.NONCE or (
        directly is not None and (await knock(directly, token)).ending is Ending.NONCE
    )
    way = [judge(public_url, outside, runs=runs, hooks_arrive=hooks_arrive), *doubts(public_url)]
    direct = directly is not None and urlsplit(directly).port == urlsplit(public_url).port
    if outside.ending is not Ending.NONCE or direct:
        return way
    return [*way, *await _through_proxy(public_url, token, outside), *await pages_through(pages, patience=PATIENCE)]


async def _through_proxy(public_url: str, token: str, outside: Knock) -> list[Finding]:
    found: list[Finding] = []
    if arrived := arrived_from(outside.seen):
        found += altered(public_url, outside.server, arrived)
    large = await knock(public_url, token, size=LARGE)
    if large.ending is Ending.ANSWERED:
        found.append(refused_large(public_url, large.server, large.status))
    return found


async def zammad_answers_at(url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> bool | None:
    """Whether Zammad's interface is there, which greets strangers with JSON; None where nobody can be asked."""
    try:
        async with httpx.AsyncClient(
            timeout=PATIENCE,
            verify=authorities(),
            transport=transport,
            mounts=dict.fromkeys(_THIS_MACHINE),
            follow_redirects=True,
        ) as client:
            answer = await client.get(f"{url}/api/v1/users/me", headers={"Accept": "application/json"})
    except httpx.HTTPError:
        return None
    said_no = answer.status_code in {401, 403}
    return said_no and answer.headers.get("content-type", "").startswith("application/json")


def own_address(host: str, port: int) -> str | None:
    """Of the service on this machine; None where it takes any free port."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - a server listening there is reached here
    own = everywhere.get(host, host)
    if not port:
        return None
    return f"http://[{own}]:{port}" if ":" in own else f"http://{own}:{port}"


def judge(url: str, outside: Knock, *, runs: bool, hooks_arrive: bool) -> Finding:
    """What stands in the way. `runs`: the sidecar itself answers when asked directly."""
    match outside.ending:
        case Ending.NONCE:
            return ok(Topic.PUBLIC_URL, because(WayIn.LEADS_HERE, url=url))
        case Ending.ANSWERED:
            return _answered_otherwise(url, outside, runs=runs)
        case Ending.NO_HOST:
            return problem(Topic.PUBLIC_URL, because(WayIn.NO_HOST, url=url))
        case Ending.BAD_CERTIFICATE:
            return problem(Topic.PUBLIC_URL, because(WayIn.BAD_CERTIFICATE, url=url))
        case Ending.NO_CONNECTION | Ending.NO_ANSWER:
            cut_off = outside.ending is Ending.NO_CONNECTION
            silence = because(Silence.NO_CONNECTION if cut_off else Silence.NO_ANSWER)
            if hooks_arrive:
                return warning(Topic.PUBLIC_URL, because(WayIn.NOT_FROM_HERE, url=url, ending=silence))
            return _unanswered(url, silence, runs=runs)


def _answered_otherwise(url: str, outside: Knock, *, runs: bool) -> Finding:
    if outside.path:
        return cut_short(url, outside.server, outside.path)
    if outside.location.startswith("https://") and url.startswith("http://"):
        return problem(Topic.PUBLIC_URL, because(Passage.TO_HTTPS, url=url, to=_origin(outside.location)))
    if outside.of_zammad:
        code = WayIn.ZAMMAD_ANSWERS
    elif outside.of_a_sidecar:
        return problem(Topic.PUBLIC_URL, _another_mind(url, outside))
    elif outside.of_a_proxy:
        return _unanswered(url, because(Silence.BEHIND_PROXY, status=outside.status), runs=runs)
    else:
        code = WayIn.REDIRECTED if 300 <= outside.status < 400 else WayIn.SOMEBODY_ELSE  # noqa: PLR2004 - HTTP
    return problem(Topic.PUBLIC_URL, because(code, url=url, status=outside.status))


def _origin(location: str) -> str:
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.netloc}"


def _unanswered(url: str, ending: Reason, *, runs: bool) -> Finding:
    if runs:
        return problem(Topic.PUBLIC_URL, because(WayIn.UNANSWERED, url=url, ending=ending))
    return warning(Topic.PUBLIC_URL, because(WayIn.NOBODY_RUNS, url=url, ending=ending))


def _another_mind(url: str, outside: Knock) -> Reason:
    if outside.status == 401:  # noqa: PLR2004 - HTTP
        return because(WayIn.TOKEN_REFUSED, url=url)
    return because(WayIn.NO_NONCE, url=url, status=outside.status)


def doubts(url: str) -> list[Finding]:
    """What can be said of the URL without asking it."""
    parts, found = urlsplit(url), []
    if parts.scheme != "https":
        found.append(warning(Topic.PUBLIC_URL, because(WayIn.NO_HTTPS, url=url)))
    if _is_private(parts.hostname or ""):
        found.append(warning(Topic.PUBLIC_URL, because(WayIn.PRIVATE, host=parts.hostname)))
    return found


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith((".local", ".localhost", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def hook_urls(public_url: str, token: str) -> tuple[str, str]:
    """What is entered at sipgate for incoming and for outgoing calls."""
    address = f"{public_url}{PREFIX}/{quote(token, safe='')}"
    return f"{address}/in", f"{address}/out"
