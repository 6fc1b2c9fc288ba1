"""From an answer of Zammad's, or from the lack of one, to the error that says what the caller can do."""

from __future__ import annotations

from http import HTTPStatus

import httpx

from rest_transport.errors import Trouble
from rest_transport.party import Party, Sent, retry_after_of, without_secrets
from zammad_client.errors import (
    ZammadError,
    ZammadNotReachedError,
    ZammadOutcomeUnknownError,
    ZammadRefusedError,
    ZammadUnavailableError,
)
from zammad_client.records import Json

LONGEST_MESSAGE = 500  # characters
# By version: docs/reference/zammad.md section 10.1.
ALREADY_THERE = frozenset({"Object already exists!", "This object already exists."})
OUT_OF_ORDER = frozenset({429, 500})  # nothing was done
LOST_ON_THE_WAY = 408  # said by a proxy, like all from 501 on: it does not know what Zammad did
NOBODY_THERE = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE})  # in a proxy's own words


def failure_of_answer(response: httpx.Response, sent: Sent) -> ZammadError:
    """The error for an answer that is no success."""
    status = response.status_code
    said = _said_by_zammad(response)
    message = without_secrets(said or _in_words(response), sent.secrets)
    retry_after = retry_after_of(response)
    trouble = Trouble.REDIRECTED if said is None and response.is_redirect else None
    if message in ALREADY_THERE:
        return ZammadRefusedError(message, status=status)
    if status in OUT_OF_ORDER:
        return ZammadUnavailableError(message, status=status, retry_after=retry_after)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR and status != LOST_ON_THE_WAY:
        refused = ZammadRefusedError if said is not None else ZammadNotReachedError
        return refused(message, status=status, trouble=trouble)
    is_down = said is None and status in NOBODY_THERE
    unseen = sent.repeatable or (is_down and status == HTTPStatus.SERVICE_UNAVAILABLE)
    kind = ZammadUnavailableError if unseen else ZammadOutcomeUnknownError
    return kind(message, status=status, retry_after=retry_after, is_down=is_down)


def _said_by_zammad(response: httpx.Response) -> str | None:
    """Zammad gives its reasons as JSON; None: somebody on the way said it."""
    try:
        body: Json = response.json()
    except (ValueError, RecursionError):
        return None
    text = body.get("error") if isinstance(body, dict) else None
    return " ".join(text.split())[:LONGEST_MESSAGE] if isinstance(text, str) and text.strip() else None


def _in_words(response: httpx.Response) -> str:
    if response.is_redirect:
        return "redirected to another address: is the URL of Zammad right?"
    return response.reason_phrase or "no reason given"


ZAMMAD = Party(
    name="Zammad",
    unavailable=ZammadUnavailableError,
    outcome_unknown=ZammadOutcomeUnknownError,
    refused=ZammadRefusedError,
    failure_of_answer=failure_of_answer,
)
