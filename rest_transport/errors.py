"""What can go wrong with whoever is asked, split by what the caller can do.

PartyError
├── …UnavailableError       try again
│   └── …OutcomeUnknownError    a write that may have been carried out: look before repeating it
└── …RefusedError           a retry cannot help

Each party has classes of its own for the three (`party.Party`).
"""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """What the transport has to say of its own, so that it can be said in other languages, too."""

    NO_CONNECTION = "no connection"
    NO_HTTP = "no http"  # the request has characters that HTTP does not allow
    NO_ANSWER = "no answer"  # in time
    LOST = "lost"  # the connection, before an answer came
    UNREADABLE = "unreadable"  # the answer; `detail` says in what
    TOO_LONG = "too long"  # the answer, longer than memory bears; `detail` as of one that is unreadable
    REDIRECTED = "redirected"
    GIVEN_UP = "given up"  # before it was sent
    HIDDEN = "hidden"  # something is not shown; `detail` is its name


class PartyError(Exception):
    """Root of the tree. `status` is None where no answer came.

    `message` is the party's own text; with `trouble` it is ours, and `detail` what there is to know besides.
    `is_down`: the party does not run, or did not when this was sent; not merely slow or cut off.
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


class UnreadableAnswerError(Exception):
    """An answer is not what was asked for; the text says what is missing, never what is there."""

    trouble = Trouble.UNREADABLE


class AnswerTooLongError(UnreadableAnswerError):
    trouble = Trouble.TOO_LONG
