"""What an attempt to tell Zammad something came to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

from sidecar.calls.reasons import Reason
from sidecar.faults import reason_of
from zammad_client.errors import ZammadError, ZammadNotReachedError, ZammadOutcomeUnknownError, ZammadUnavailableError

MASKED = re.compile(r"Error ID \S+: Please contact your administrator\.?")
_ALREADY_EXISTS = ("object already exists", "this object already exists")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    note: Reason | None = None  # where it was not delivered as asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed:
    """To be tried again."""

    note: Reason
    uncertain: bool = False  # Zammad may have done it
    outage: bool = False  # Zammad as a whole may be the trouble
    faulty: bool = False  # the parcel itself may be: its attempts are counted, and pauses between them grow
    after: float | None = None  # seconds, where Zammad said how long to wait
    is_down: bool = False  # Zammad does not run, or did not when this was sent: it does nothing later on its own
    pause: float = 0.0  # seconds this one has to wait, whatever the others do


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Refused for good: a dead letter."""

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMissing:
    """Zammad does not seem to have the row this event belongs to; or it has a fault it does not explain."""

    note: Reason
    not_even_opened: bool = False  # the row cannot be made either: Zammad as a whole may be the trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenOutdated:
    """Zammad's `cti_token` was changed."""

    note: Reason


Outcome = Delivered | Postponed | Failed


def meaning_of(error: ZammadError) -> Outcome | RowMissing | TokenOutdated:
    """docs/reference/zammad.md section 1.2 as a function."""
    note = reason_of(error)
    match error:
        case ZammadOutcomeUnknownError():
            return Postponed(
                note=note, uncertain=True, outage=True, faulty=True, after=error.retry_after, is_down=error.is_down
            )
        case ZammadUnavailableError(status=500):
            return RowMissing(note=note)
        case ZammadUnavailableError() | ZammadNotReachedError():
            return Postponed(note=note, outage=True, after=error.retry_after, is_down=error.is_down)
        case _:
            return _refusal(error, note)


def _refusal(error: ZammadError, note: Reason) -> Outcome | TokenOutdated:
    words = error.message.casefold()
    if words.startswith(_ALREADY_EXISTS):
        return Delivered()
    if error.status == HTTPStatus.UNAUTHORIZED:
        return TokenOutdated(note=note)
    if words.startswith("feature"):  # is disabled, is not configured: other processes see the setting seconds later
        return Postponed(note=note, outage=True, after=15.0)
    if MASKED.fullmatch(error.message):  # a fault of Zammad's database, which undoes what it had begun
        return Postponed(note=note, outage=True, faulty=True)
    return Failed(reason=note)
