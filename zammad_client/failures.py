"""From an answer of Zammad's, or from the lack of one, to the error that says what the caller can do."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

import httpx

from zammad_client.errors import (
    Trouble,
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
NEVER_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class UnreadableAnswerError(Exception):
    """Zammad's answer is not what was asked for; the text says what is missing, never what is there."""


def failure_of_answer(response: httpx.Response, *, repeatable: bool, secrets: Iterable[str]) -> ZammadError:
    """The error for an answer that is no success; `secrets` are struck out of its text."""
    status = response.status_code
    said = _said_by_zammad(response)
    message = without_secrets(said or _in_words(response), secrets)
    retry_after = _retry_after(response)
    trouble = Trouble.REDIRECTED if said is None and response.is_redirect else None
    if message in ALREADY_THERE:
        return ZammadRefusedError(message, status=status)
    if status in OUT_OF_ORDER:
        return ZammadUnavailableError(message, status=status, retry_after=retry_after)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR and status != LOST_ON_THE_WAY:
        refused = ZammadRefusedError if said is not None else ZammadNotReachedError
        return refused(message, status=status, trouble=trouble)
    is_down = said is None and status in NOBODY_THERE
    unseen = repeatable or (is_down and status == HTTPStatus.SERVICE_UNAVAILABLE)
    kind = ZammadUnavailableError if unseen else ZammadOutcomeUnknownError
    return kind(message, status=status, retry_after=retry_after, is_down=is_down)


def failure_of_connection(error: httpx.HTTPError, *, repeatable: bool) -> ZammadError:
    """The error for a request without an answer. Repeats httpx's text only where no URL or header can stand in it."""
    if isinstance(error, NEVER_CONNECTED):
        detail, is_down = str(error) or "timed out", isinstance(error, httpx.ConnectError)
        message = f"cannot connect to Zammad: {detail}"
        return ZammadUnavailableError(message, is_down=is_down, trouble=Trouble.NO_CONNECTION, detail=detail)
    if isinstance(error, httpx.LocalProtocolError):
        return ZammadRefusedError("the request cannot be sent as HTTP", trouble=Trouble.NO_HTTP)
    name = type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return no_answer(f"no answer in time ({name})", Trouble.NO_ANSWER, repeatable=repeatable)
    return no_answer(f"the connection was lost ({name})", Trouble.LOST, repeatable=repeatable)


def no_answer(message: str, trouble: Trouble, *, repeatable: bool, detail: str = "") -> ZammadError:
    """The error for a request that went out and brought nothing readable back."""
    kind = ZammadUnavailableError if repeatable else ZammadOutcomeUnknownError
    return kind(message, trouble=trouble, detail=detail)


def unreadable(detail: str, *, repeatable: bool = True, status: int | None = None) -> ZammadError:
    """The error for an answer that came and cannot be read."""
    kind = ZammadUnavailableError if repeatable else ZammadOutcomeUnknownError
    message = f"Zammad's answer cannot be read: {detail}"
    return kind(message, status=status, trouble=Trouble.UNREADABLE, detail=detail)


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    return text


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


def _retry_after(response: httpx.Response) -> float | None:
    text = response.headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() else None
