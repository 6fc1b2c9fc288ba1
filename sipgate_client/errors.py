"""What can go wrong with sipgate, split by what the caller can do.

SipgateError
├── SipgateUnavailableError     try again: unreachable, timed out, 429, 500 and more, an answer nobody can read
│   └── SipgateOutcomeUnknownError  a write that may have been carried out: never repeated
└── SipgateRefusedError         a retry cannot help: 400, 402, 404, a redirect
    ├── SipgateTokenError           401: the token is unknown, expired or withdrawn; nothing else will work either
    └── SipgateForbiddenError       403: scope, role, booking or kind of account
"""

from __future__ import annotations

from rest_transport.errors import PartyError


class SipgateError(PartyError):
    """Root of the tree."""


class SipgateUnavailableError(SipgateError):
    """sipgate cannot be reached or is out of order; the same request may succeed later."""


class SipgateOutcomeUnknownError(SipgateUnavailableError):
    """The connection or the time ran out before an answer came: the request may have been carried out."""


class SipgateRefusedError(SipgateError):
    """sipgate has understood and said no."""


class SipgateTokenError(SipgateRefusedError):
    """The token is worth nothing (any more)."""


class SipgateForbiddenError(SipgateRefusedError):
    """Not for this token, this user, this booking or this kind of account: sipgate seldom says which."""
