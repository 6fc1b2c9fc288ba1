"""The way from sipgate to the sidecar: does the public URL, through the proxy, lead here?"""

from __future__ import annotations

import ipaddress
import secrets
import ssl
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

import httpx

from sidecar.check.finding import Finding, ok, problem, warning
from sidecar.hooks.http import PREFIX

PATIENCE = 4.0  # seconds for one knock
_THIS_MACHINE = ("all://localhost", "all://127.0.0.1", "all://[::1]")  # never through a proxy of the environment
NONCE = "X-Sidecar-Nonce"
_SUBJECT = "public URL"
_CALLS_LOST = "sipgate's hooks do not reach the sidecar: nothing is logged, blocked or opened."
_RULE = "let the proxy send /api/v1/sipgate/ to the sidecar, before its rule for Zammad"

Ending = Literal["nonce", "answered", "no host", "bad certificate", "no connection", "no answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """What came of a request to the hook path with a nonce."""

    ending: Ending
    status: int = 0
    content_type: str = ""
    body: str = ""

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
        return self.ending == "answered" and self.status in {502, 503, 504}


async def knock(url: str, token: str, *, transport: httpx.AsyncBaseTransport | None = None) -> Knock:
    """Posts an empty form, which means nothing to anybody, and looks whether the nonce comes back."""
    nonce = secrets.token_hex(8)
    address = f"{url}{PREFIX}/{quote(token, safe='')}/in"
    try:
        async with httpx.AsyncClient(
            timeout=PATIENCE, transport=transport, mounts=dict.fromkeys(_THIS_MACHINE)
        ) as client:
            answer = await client.post(address, headers={NONCE: nonce})
    except httpx.HTTPError as error:
        return Knock(ending=_ending(error))
    return Knock(
        ending="nonce" if answer.headers.get(NONCE) == nonce else "answered",
        status=answer.status_code,
        content_type=answer.headers.get("content-type", ""),
        body=answer.text[:1000],
    )


def _ending(error: BaseException) -> Ending:
    if not isinstance(error, httpx.ConnectError):
        return "no connection" if isinstance(error, httpx.ConnectTimeout) else "no answer"
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return "bad certificate"
    words = str(error).lower()
    return "no host" if "name" in words or "nodename" in words or "getaddrinfo" in words else "no connection"


async def way_in(public_url: str, token: str, *, directly: str | None, hooks_arrive: bool) -> list[Finding]:
    """Through the public URL; where that leads nowhere, directly, to tell the proxy's faults from a missing service."""
    outside = await knock(public_url, token)
    runs = outside.ending == "nonce" or (directly is not None and (await knock(directly, token)).ending == "nonce")
    return [judge(public_url, outside, runs=runs, hooks_arrive=hooks_arrive), *doubts(public_url)]


async def zammad_answers_at(url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> bool | None:
    """Whether Zammad's interface is there, which greets strangers with JSON; None where nobody can be asked."""
    try:
        async with httpx.AsyncClient(
            timeout=PATIENCE, transport=transport, mounts=dict.fromkeys(_THIS_MACHINE), follow_redirects=True
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
        case "nonce":
            return ok(_SUBJECT, f"{url} leads to this sidecar")
        case "answered":
            return _answered_otherwise(url, outside, runs=runs)
        case "no host":
            return _wrong_url(f"{url}: no such host")
        case "bad certificate":
            cure = "give the proxy a certificate of a public authority, with the whole chain"
            return problem(_SUBJECT, f"{url}: its certificate is not valid", why="sipgate refuses it.", cure=cure)
        case "no connection" | "no answer" if hooks_arrive:
            return warning(
                _SUBJECT,
                f"{url}: {outside.ending} from here, but hooks do arrive",
                why="Some routers do not let a network reach its own public address; then nothing is wrong.",
                cure="check from another network, if at all",
            )
        case "no connection" | "no answer":
            return _unanswered(f"{url}: {outside.ending}", runs=runs)


def _answered_otherwise(url: str, outside: Knock, *, runs: bool) -> Finding:
    if outside.of_zammad:
        said = f"Zammad itself answers hooks (HTTP {outside.status})"
        what = f"{url}: {said}: the proxy's rule for the sidecar is missing"
        return problem(_SUBJECT, what, why=_CALLS_LOST, cure=_RULE)
    if outside.of_a_sidecar:
        return _another_mind(url, outside)
    if outside.of_a_proxy:
        return _unanswered(f"{url}: the proxy gets no answer (HTTP {outside.status})", runs=runs)
    if 300 <= outside.status < 400:  # noqa: PLR2004 - HTTP
        return _wrong_url(f"{url}: redirected (HTTP {outside.status}), which sipgate does not follow")
    return _wrong_url(f"{url}: somebody else answers (HTTP {outside.status})")


def _wrong_url(what: str) -> Finding:
    cure = f"correct server.public_url, or {_RULE}"
    return problem(_SUBJECT, what, why=_CALLS_LOST, cure=cure)


def _unanswered(what: str, *, runs: bool) -> Finding:
    if runs:
        cure = "correct server.public_url, or point the proxy at server.host and server.port"
        return problem(_SUBJECT, f"{what}, though the sidecar runs", why=_CALLS_LOST, cure=cure)
    return warning(
        _SUBJECT,
        f"{what}; no sidecar runs here either",
        why="Whether the URL leads to the sidecar can only be seen while it runs.",
        cure="start `sipgate-sidecar serve`, then check again",
    )


def _another_mind(url: str, outside: Knock) -> Finding:
    if outside.status == 401:  # noqa: PLR2004 - HTTP
        return problem(
            _SUBJECT,
            f"{url}: a sidecar answers, but refuses the token",
            why=_CALLS_LOST,
            cure="restart `sipgate-sidecar serve` with this configuration; if there are two, correct the proxy",
        )
    return problem(
        _SUBJECT,
        f"{url}: a sidecar answers (HTTP {outside.status}), but without the nonce",
        why="It knows no token yet and keeps nothing, or the proxy takes the header away.",
        cure=f"see that `serve` reaches Zammad; let the proxy pass {NONCE} in both directions",
    )


def doubts(url: str) -> list[Finding]:
    """What can be said of the URL without asking it."""
    parts, found = urlsplit(url), []
    if parts.scheme != "https":
        why = "The token can be read on the way, and sipgate Neo sends hooks over HTTPS only."
        found.append(
            warning(_SUBJECT, f"{url} is not https", why=why, cure="set server.public_url to an https address")
        )
    if _is_private(parts.hostname or ""):
        found.append(
            warning(
                _SUBJECT,
                f"{parts.hostname} is an address of the own network",
                why="sipgate calls from the internet and cannot reach it.",
                cure="set server.public_url to the address under which the internet reaches the proxy",
            )
        )
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
