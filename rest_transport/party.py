"""Whoever is asked, and the errors that say what its callers can do when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import httpx

from rest_transport.errors import PartyError, Trouble

NEVER_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is known of a request whose answer is looked at."""

    repeatable: bool  # a read: doing it twice is the same as once
    secrets: tuple[str, ...]  # to be struck out of whatever is said about it


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    name: str
    unavailable: type[PartyError]
    outcome_unknown: type[PartyError]  # a kind of `unavailable`
    refused: type[PartyError]
    failure_of_answer: Callable[[httpx.Response, Sent], PartyError]  # for an answer that is no success

    def failure_of_connection(self, error: httpx.HTTPError, *, repeatable: bool) -> PartyError:
        """For a request without an answer. Repeats httpx's text only where no URL or header can stand in it."""
        if isinstance(error, NEVER_CONNECTED):
            detail, is_down = str(error) or "timed out", isinstance(error, httpx.ConnectError)
            message = f"cannot connect to {self.name}: {detail}"
            return self.unavailable(message, is_down=is_down, trouble=Trouble.NO_CONNECTION, detail=detail)
        if isinstance(error, httpx.LocalProtocolError):
            return self.refused("the request cannot be sent as HTTP", trouble=Trouble.NO_HTTP)
        name = type(error).__name__
        if isinstance(error, httpx.TimeoutException):
            return self._no_answer(f"no answer in time ({name})", Trouble.NO_ANSWER, repeatable=repeatable)
        return self._no_answer(f"the connection was lost ({name})", Trouble.LOST, repeatable=repeatable)

    def out_of_time(self, *, repeatable: bool) -> PartyError:
        return self._no_answer(f"no answer from {self.name} in time", Trouble.NO_ANSWER, repeatable=repeatable)

    def given_up(self) -> PartyError:
        return self.unavailable("given up before it was sent", trouble=Trouble.GIVEN_UP)

    def unreadable(
        self,
        detail: str,
        *,
        repeatable: bool = True,
        status: int | None = None,
        trouble: Trouble = Trouble.UNREADABLE,
    ) -> PartyError:
        """For an answer that came and cannot be read."""
        kind = self.unavailable if repeatable else self.outcome_unknown
        message = f"{self.name}'s answer cannot be read: {detail}"
        return kind(message, status=status, trouble=trouble, detail=detail)

    def may_be_asked_again(self, error: BaseException) -> bool:
        return isinstance(error, self.unavailable) and not isinstance(error, self.outcome_unknown)

    def _no_answer(self, message: str, trouble: Trouble, *, repeatable: bool) -> PartyError:
        kind = self.unavailable if repeatable else self.outcome_unknown
        return kind(message, trouble=trouble)


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    return text


def retry_after_of(response: httpx.Response) -> float | None:
    """Seconds; None where none are told."""
    text = response.headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() else None
