"""What sipgate is told: the answers of design section 2 and their XML (sipgate reference, section 4)."""

from __future__ import annotations

from dataclasses import dataclass


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
