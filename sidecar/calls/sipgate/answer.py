"""What sipgate is told: the answers and their XML (docs/reference/sipgate.md section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True, slots=True, kw_only=True)
class LetRing:
    """Nothing to change; tell us when it is answered and when it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """The caller hears busy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Outbound with another caller id. Both are ASCII digits only."""

    number: str
    caller_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """`<Response/>`: go on, no further events wanted."""


Answer = LetRing | Reject | Dial | Acknowledge

EMPTY_XML = b"<Response/>"


def xml_for(answer: Answer, callback_url: str) -> bytes:
    """The answer as sipgate reads it; `callback_url` gets the call's further events."""
    match answer:
        case Acknowledge():
            return EMPTY_XML
        case LetRing():
            return _rendered(callback_url).let_ring
        case Reject():
            return _rendered(callback_url).reject
        case Dial(number=number, caller_id=caller_id):
            dial = f"<Dial callerId={quoteattr(caller_id)}><Number>{escape(number)}</Number></Dial></Response>"
            return _rendered(callback_url).open_response + dial.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rendered:
    """Everything that is the same in all answers with one callback URL."""

    let_ring: bytes
    reject: bytes
    open_response: bytes


@lru_cache(maxsize=64)
def _rendered(callback_url: str) -> _Rendered:
    url = quoteattr(callback_url)
    with_callbacks = f"<Response onAnswer={url} onHangup={url}"
    return _Rendered(
        let_ring=f"{with_callbacks}/>".encode(),
        reject=f'<Response onHangup={url}><Reject reason="busy"/></Response>'.encode(),
        open_response=f"{with_callbacks}>".encode(),
    )
