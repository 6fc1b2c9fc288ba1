"""What can go wrong with Zammad, split by what the caller can do.

ZammadError
├── ZammadUnavailableError     try again: unreachable, timed out, 429, 500 and more, an answer nobody can read
│   └── ZammadOutcomeUnknownError   a write that may have been carried out: look before repeating it
└── ZammadRefusedError         a retry cannot help: 401, 403, 404, 422, 500 "Object already exists!"
    └── ZammadNotReachedError       nor now: a redirect or a 4xx in words that are not Zammad's; once Zammad is behind
                                    that address again it will
"""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """What the client has to say of its own, so that it can be said in other languages, too."""

    NO_CONNECTION = "no connection"
    NO_HTTP = "no http"  # the request has characters that HTTP does not allow
    NO_ANSWER = "no answer"  # in time
    LOST = "lost"  # the connection, before an answer came
    UNREADABLE = "unreadable"  # the answer; `detail` says in what
    REDIRECTED = "redirected"
    GIVEN_UP = "given up"  # before it was sent
    HIDDEN = "hidden"  # a setting is not shown; `detail` is its name


class ZammadError(Exception):
    """Root of the tree. `status` is None where no answer came.

    `message` is Zammad's own text; with `trouble` it is the client's, and `detail` what there is to know besides.
    `is_down`: Zammad does not run, or did not when this was sent; not merely slow or cut off.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        is_down: bool = False,
        trouble: Trouble | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.retry_after = retry_after  # seconds, from a Retry-After header
        self.is_down = is_down
        self.trouble = trouble
        self.detail = detail

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


class UnusableTokenError(ValueError):
    """What was given as a token cannot be one; nothing was sent."""
