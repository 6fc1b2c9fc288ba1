"""How Zammad words its refusals, and what nobody has recorded."""

from __future__ import annotations

import secrets
from typing import TypeVar

T = TypeVar("T")


class Refusal(Exception):  # noqa: N818 - the word of the trade: Zammad refuses
    """An answer other than the wanted one. `plain` leaves out `error_human` and the X-Failure header."""

    def __init__(self, status: int, message: str, *, plain: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.plain = plain


class NotSimulatedError(Exception):
    """The simulator does not know what the real Zammad would do here."""


def masked(status: int) -> Refusal:
    return Refusal(status, f"Error ID {secrets.token_urlsafe(6)}: Please contact your administrator.", plain=True)


def found(record: T | None, model: str, record_id: object) -> T:
    """Raises: Refusal."""
    if record is None:
        raise Refusal(404, f"Couldn't find {model} with 'id'={record_id}")
    return record
