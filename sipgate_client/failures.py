"""From sipgate's answer to the error that says what the caller can do (docs/reference/sipgate_rest.md section 1)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import httpx

from rest_transport.errors import Trouble
from rest_transport.party import Party, Sent, retry_after_of, without_secrets
from sipgate_client.errors import (
    SipgateError,
    SipgateForbiddenError,
    SipgateOutcomeUnknownError,
    SipgateRefusedError,
    SipgateTokenError,
    SipgateUnavailableError,
)

LONGEST_MESSAGE = 300  # characters
SHORTEST_WAIT = 5.0  # seconds, after 429
CLASSIC_ALONE = "requires a sipgate Classic PBX Account"
_REFUSALS = {
    HTTPStatus.UNAUTHORIZED: SipgateTokenError,
    HTTPStatus.FORBIDDEN: SipgateForbiddenError,
}


def failure_of_answer(response: httpx.Response, sent: Sent) -> SipgateError:
    """The error for an answer that is no success: the status decides, the body only says more."""
    status = response.status_code
    message = without_secrets(_said(response) or response.reason_phrase or "no reason given", sent.secrets)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = max(retry_after_of(response) or _until_date(response), SHORTEST_WAIT)
        return SipgateUnavailableError(message, status=status, retry_after=wait)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.REQUEST_TIMEOUT:
        trouble = Trouble.REDIRECTED if response.is_redirect else None
        return _REFUSALS.get(HTTPStatus(status), SipgateRefusedError)(message, status=status, trouble=trouble)
    kind = SipgateUnavailableError if sent.repeatable else SipgateOutcomeUnknownError
    return kind(message, status=status)


def is_for_classic_alone(error: SipgateError) -> bool:
    """Whether sipgate says so: seen by one client on one account of the other kind."""
    return error.status == HTTPStatus.FORBIDDEN and CLASSIC_ALONE in error.message


def _said(response: httpx.Response) -> str:
    """By sipgate, in one of its three forms; empty where somebody else answers."""
    try:
        text = _in_json(response.json())
    except (ValueError, RecursionError):
        text = "" if "html" in response.headers.get("Content-Type", "") else response.text
    return " ".join(text.split())[:LONGEST_MESSAGE]


def _in_json(body: Any) -> str:
    match body:
        case {"errors": [{"detail": str(text)}, *_]} | {"errors": [{"title": str(text)}, *_]} | {"message": str(text)}:
            return text
        case {"name": str(text)} | str(text):
            return text
        case _:
            return ""


def _until_date(response: httpx.Response) -> float:
    """Seconds from now; 0 where no date is told."""
    try:
        at = parsedate_to_datetime(response.headers.get("Retry-After", ""))
    except (ValueError, TypeError):
        return 0.0
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return max((at - datetime.now(UTC)).total_seconds(), 0.0)


SIPGATE = Party(
    name="sipgate",
    unavailable=SipgateUnavailableError,
    outcome_unknown=SipgateOutcomeUnknownError,
    refused=SipgateRefusedError,
    failure_of_answer=failure_of_answer,
)
