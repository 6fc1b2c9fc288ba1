"""The secret in the hook path: which tokens are accepted now, and for how long the one before."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class HookTokens:
    """The token of the hook path, and the one it has replaced until that expires (UTC epoch seconds)."""

    current: str | None = field(default=None, repr=False)  # None: none known yet
    previous: str | None = field(default=None, repr=False)
    previous_until: float = 0.0

    def accept(self, token: str, now: float) -> bool:
        """In a time that does not depend on how much of the token is right."""
        is_current = _same(token, self.current)
        is_previous = _same(token, self.previous)
        return is_current or (is_previous and now < self.previous_until)

    def renewed(self, token: str | None, *, now: float, overlap: float) -> HookTokens:
        """With the token read anew; the one it replaces stays good for `overlap` seconds. None changes nothing."""
        if not token or token == self.current:
            return self
        if self.current is None:
            return replace(self, current=token)
        return HookTokens(current=token, previous=self.current, previous_until=now + overlap)


def hook_token(*, configured: str | None, of_zammad: str | None) -> str | None:
    """The token that counts: the configured one, else the one on Zammad's sipgate.io page."""
    return configured or of_zammad or None


def _same(presented: str, known: str | None) -> bool:
    equal = hmac.compare_digest(_as_bytes(presented), _as_bytes(known or ""))
    return equal and bool(known)


def _as_bytes(token: str) -> bytes:
    return token.encode("utf-8", "surrogatepass")
