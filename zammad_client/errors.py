"""What can go wrong with Zammad, split by what the caller can do.

ZammadError
├── ZammadUnavailableError     try again: unreachable, timed out, 429, 500, 502-504, an answer nobody can read
│   └── ZammadOutcomeUnknownError   a write that may have been carried out: look before repeating it
└── ZammadRefusedError         a retry cannot help: 3xx, 401, 403, 404, 422, 500 "Object already exists!"
"""

from __future__ import annotations


class ZammadError(Exception):
    """Root of the tree. `status` is None where no answer came; `message` is Zammad's own text."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.retry_after = retry_after  # seconds, from a Retry-After header

    def __str__(self) -> str:
        return f"{self.message} (HTTP {self.status})" if self.status else self.message


class ZammadUnavailableError(ZammadError):
    """Zammad cannot be reached or is out of order; the same request may succeed later."""


class ZammadOutcomeUnknownError(ZammadUnavailableError):
    """The connection or the time ran out before an answer came: the request may have been carried out."""


class ZammadRefusedError(ZammadError):
    """Zammad has understood and said no."""
