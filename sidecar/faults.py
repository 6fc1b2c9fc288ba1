"""Zammad's errors as reasons."""

from __future__ import annotations

from rest_transport.errors import Trouble
from sidecar.calls.reasons import Reason, because
from sidecar.codes.faults import Fault
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words
from zammad_client.errors import ZammadError, ZammadRefusedError


class NotAllowedError(ZammadRefusedError):
    """Zammad has refused something, and which permission is missing is known: `reason` says it."""

    def __init__(self, message: str, reason: Reason, *, status: int | None = None) -> None:
        super().__init__(message, status=status)
        self.reason = reason

    def __str__(self) -> str:
        return sentence(self.reason, Words())


def reason_of(error: ZammadError) -> Reason:
    if isinstance(error, NotAllowedError):
        return error.reason
    return _said(error) if error.trouble is None else _met(error, error.trouble)


def _said(error: ZammadError) -> Reason:
    """By Zammad, or by whoever answers in its place."""
    if error.status:
        return because(Fault.SAID_WITH_STATUS, words=error.message, status=error.status)
    return because(Fault.SAID, words=error.message)


def _met(error: ZammadError, trouble: Trouble) -> Reason:
    match trouble:
        case Trouble.NO_CONNECTION:
            return because(Fault.NO_CONNECTION, detail=error.detail)
        case Trouble.UNREADABLE | Trouble.TOO_LONG:
            return because(Fault.UNREADABLE, detail=error.detail)
        case Trouble.REDIRECTED:
            return because(Fault.REDIRECTED, status=error.status)
        case Trouble.HIDDEN:
            return because(Fault.HIDDEN, setting=error.detail)
        case Trouble.NO_HTTP | Trouble.NO_ANSWER | Trouble.LOST | Trouble.GIVEN_UP:
            return because(_PLAIN[trouble])


_PLAIN = {
    Trouble.NO_HTTP: Fault.NO_HTTP,
    Trouble.NO_ANSWER: Fault.NO_ANSWER,
    Trouble.LOST: Fault.LOST,
    Trouble.GIVEN_UP: Fault.GIVEN_UP,
}
