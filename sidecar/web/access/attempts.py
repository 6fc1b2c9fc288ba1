"""Signing in takes a way over Zammad: what is kept of it in the browser, and how often anybody may begin it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from ipaddress import IPv6Address, ip_address

from cryptography.fernet import Fernet, InvalidToken

ATTEMPT_SECONDS = 600
OF_ONE_ADDRESS, AGAIN_OF_ONE = 60, 1.0  # attempts at once, and how many more each second: an office has one address
OF_ALL, AGAIN_OF_ALL = 100, 5.0
MOST_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAttempt:
    """A sign-in under way."""

    state: str = field(repr=False)
    verifier: str = field(repr=False)  # of PKCE; empty where Zammad does not offer it
    wanted: str  # the page to come back to


class Seal:
    """Attempts as the browser keeps them: nobody else can make or read one. Every replica has the same key."""

    def __init__(self, client_secret: str) -> None:
        key = hmac.new(client_secret.encode(), b"sign-in attempt", hashlib.sha256).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, attempt: SignInAttempt) -> str:
        return self._fernet.encrypt(json.dumps(asdict(attempt)).encode()).decode()

    def open(self, sealed: str) -> SignInAttempt | None:
        """None where it was not made here, or too long ago."""
        try:
            return SignInAttempt(**json.loads(self._fernet.decrypt(sealed, ttl=ATTEMPT_SECONDS)))
        except (InvalidToken, ValueError, TypeError):
            return None


@dataclass(slots=True)
class _Bucket:
    """Fills again by itself."""

    left: float
    at: float

    def takes_one(self, now: float, most: float, again: float) -> bool:
        self.left = min(most, self.left + max(0.0, now - self.at) * again)
        self.at = now
        if self.left < 1.0:
            return False
        self.left -= 1.0
        return True


class AttemptLimit:
    """How often Zammad is asked on behalf of strangers: by address, and in all."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._all = _Bucket(OF_ALL, elapsed())
        self._by_address: OrderedDict[str, _Bucket] = OrderedDict()
        self.refused = 0

    def allows(self, address: str) -> bool:
        """Counts one more."""
        now, place = self._elapsed(), _place_of(address)
        bucket = self._by_address.setdefault(place, _Bucket(OF_ONE_ADDRESS, now))
        self._by_address.move_to_end(place)
        if len(self._by_address) > MOST_ADDRESSES:
            self._by_address.popitem(last=False)
        allowed = bucket.takes_one(now, OF_ONE_ADDRESS, AGAIN_OF_ONE) and self._all.takes_one(now, OF_ALL, AGAIN_OF_ALL)
        self.refused += not allowed
        return allowed


def _place_of(address: str) -> str:
    """One household has a whole network of IPv6 addresses."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    return str(int(read) >> 64) if isinstance(read, IPv6Address) else address
