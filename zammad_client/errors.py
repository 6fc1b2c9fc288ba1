"""What can go wrong with Zammad, split by what the caller can do.

ZammadError
├── ZammadUnavailableError     try again: unreachable, timed out, 429, 500 and more, an answer nobody can read
│   └── ZammadOutcomeUnknownError   a write that may have been carried out: look before repeating it
└── ZammadRefusedError         a retry cannot help: 401, 403, 404, 422, 500 "Object already exists!"
    └── ZammadNotReachedError       nor now: a redirect or a 4xx in words that are not Zammad's; once Zammad is behind
                                    that address again it will
"""

from __future__ import annotations


class ZammadError(Exception):
    """Root of the tree. `status` is None where no answer came; `message` is Zammad's own text.

    `is_down`: Zammad does not run, or did not when this was sent; not merely slow or cut off.
    """

    def __init__(
        self, message: str, *, status: int | None = None, retry_after: float | None = None, is_down: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.retry_after = retry_after  # seconds, from a Retry-After header
        self.is_down = is_down

    def __str__(self) -> str:
        return f"{self.message} (HTTP {self.status})" if self.status else self.message


class ZammadUnavailableError(ZammadError):
    """Zammad cannot be reached or is out of order; the same request may succeed later."""


class ZammadOutcomeUnknownError(ZammadUnavailableError):
    """The connection or the time ran out before an answer came: the request may have been carried out."""


class ZammadRefusedError(ZammadError):
    """Zammad has understood and said no."""


class ZammadNotReachedError(ZammadRefusedError):
    """Somebody before Zammad said no: a proxy whose Zammad is away, or a wrong address."""
