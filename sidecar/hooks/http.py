"""The HTTP of the hook path (docs/reference/sipgate.md section 1.1): the body within its limit, and the replies."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

from sidecar.calls.sipgate.answer import EMPTY_XML
from sidecar.calls.sipgate.events import Direction

PREFIX = "/api/v1/sipgate"
MOST_BYTES = 64 * 1024  # of a hook's body
MOST_DISCARDED = 1024 * 1024  # of a longer body; closing earlier could cost its sender our answer
MOST_OF_A_HEADER = 200  # bytes of one that is kept
HIDDEN_TOKEN = "…"  # noqa: S105 - what stands for the token wherever it is stored or shown

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HookAddress:
    token: str = field(repr=False)
    direction: Direction  # the side of the callback URLs


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back, and the words it is counted under."""

    status: int = 200
    xml: bytes = EMPTY_XML
    headers: tuple[tuple[bytes, bytes], ...] = ()
    event: str = "none"
    outcome: str


CLOSING = (b"connection", b"close")
NOT_FOUND = Reply(status=404, outcome="not_found")
WRONG_METHOD = Reply(status=405, headers=((b"allow", b"POST"),), outcome="wrong_method")
WRONG_TOKEN = Reply(status=401, outcome="wrong_token")
NO_TOKEN_KNOWN = Reply(outcome="no_token_known")
WRONG_SIGNATURE = Reply(status=403, outcome="wrong_signature")
TOO_LARGE = Reply(status=413, outcome="too_large")
TOO_LARGE_AND_CLOSED = Reply(status=413, headers=(CLOSING,), outcome="too_large")
FAULT = Reply(outcome="fault")


class TooLargeError(Exception):
    """`endless`: too long even to be read and thrown away."""

    def __init__(self, *, endless: bool) -> None:
        super().__init__()
        self.endless = endless


class SenderGoneError(Exception):
    """The connection was closed before the body was complete."""


def is_below_prefix(scope: Scope) -> bool:
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return path.startswith(PREFIX) and path[len(PREFIX) :][:1] in {"", "/"}


def hook_path(scope: Scope) -> HookAddress | None:
    """Token and side of `/api/v1/sipgate/{token}/in` or `/out`; None for any other path.

    A slash behind it, as Zammad itself allows it, is none of the path.
    """
    path: str = scope["path"].removeprefix(scope.get("root_path", "")).removesuffix("/")
    prefix, token, side = _last_two_segments(path)
    if prefix != PREFIX or not token or side not in {"in", "out"}:
        return None
    return HookAddress(token=token, direction=Direction(side))


def _last_two_segments(path: str) -> tuple[str, str, str]:
    rest, _, last = path.rpartition("/")
    prefix, _, token = rest.rpartition("/")
    return prefix, token, last


@lru_cache(maxsize=64)  # of authenticated tokens only
def callback_url(public_url: str, token: str, direction: Direction) -> str:
    """Where sipgate is to send the further events of a call."""
    return f"{public_url}{PREFIX}/{token if token == HIDDEN_TOKEN else quote(token, safe='')}/{direction}"


def header_values(scope: Scope, name: bytes) -> list[bytes]:
    """Of every header of this name (lower case), as received."""
    return [value for header, value in scope["headers"] if header == name]


def header_text(scope: Scope, name: bytes) -> str | None:
    """The beginning of the first header of this name, as much as is worth keeping."""
    values = header_values(scope, name)
    return values[0][:MOST_OF_A_HEADER].decode("latin-1") if values else None


def client_address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """The raw body. Memory is bounded whatever is sent.

    Raises: TooLargeError, SenderGoneError.
    """
    if _announced_length(scope) > MOST_DISCARDED:
        raise TooLargeError(endless=True)
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise SenderGoneError
        chunk = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(chunk)
        if size <= MOST_BYTES:
            chunks.append(chunk)
        elif size > MOST_DISCARDED:
            raise TooLargeError(endless=True)
    if size > MOST_BYTES:
        raise TooLargeError(endless=False)
    return b"".join(chunks)


def _announced_length(scope: Scope) -> int:
    lengths = header_values(scope, b"content-length")
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0  # the server lets no other number through


def seen_in(scope: Scope) -> tuple[bytes, bytes]:
    """A header that says what has arrived of a request: for whoever has the token, and asks how it got here."""
    seen = {
        "client": client_address(scope),
        "forwarded": header_text(scope, b"x-forwarded-for"),
        "host": header_text(scope, b"host") or "",
        "scheme": str(scope.get("scheme", "")),
    }
    return (b"x-sidecar-seen", json.dumps(seen).encode("ascii"))


def path_in(scope: Scope) -> tuple[bytes, bytes]:
    """A header with the path as it arrived; whatever might be a token is left out."""
    known = {"api", "v1", "sipgate", "in", "out", ""}
    parts = [part if part in known else "..." for part in scope["path"].split("/")]
    return (b"x-sidecar-path", "/".join(parts).encode("ascii"))


async def send_reply(send: Send, reply: Reply) -> None:
    """With its length, uncompressed: sipgate's client once failed on chunks (docs/reference/sipgate.md section 4)."""
    headers: Headers = [
        (b"content-type", b"application/xml"),
        (b"content-length", b"%d" % len(reply.xml)),
        *reply.headers,
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.xml})
