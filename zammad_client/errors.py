"""What can go wrong with Zammad, split by what the caller can do.

ZammadError
├── ZammadUnavailableError     try again: unreachable, timed out, 429, 500 and more, an answer nobody can read
│   └── ZammadOutcomeUnknownError   a write that may have been carried out: look before repeating it
└── ZammadRefusedError         a retry cannot help: 401, 403, 404, 422, 500 "Object already exists!"
    └── ZammadNotReachedError       nor now: a redirect or a 4xx in words that are not Zammad's; once Zammad is behind
                                    that address again it will
"""

from __future__ import annotations

from rest_transport.errors import PartyError


class ZammadError(PartyError):
    """Root of the tree."""


class ZammadUnavailableError(ZammadError):
    """Zammad cannot be reached or is out of order; the same request may succeed later."""


class ZammadOutcomeUnknownError(ZammadUnavailableError):
    """The connection or the time ran out before an answer came: the request may have been carried out."""


class ZammadRefusedError(ZammadError):
    """Zammad has understood and said no."""


class ZammadNotReachedError(ZammadRefusedError):
    """Somebody before Zammad said no: a proxy whose Zammad is away, or a wrong address."""


class UnusableTokenError(ValueError):
    """What was given as a token cannot be one; nothing was sent."""
