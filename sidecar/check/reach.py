"""Can Zammad be reached, is it Zammad, does it know the token, and do the clocks agree?"""

from __future__ import annotations

import time
from collections.abc import Callable

from sidecar.calls.reasons import because
from sidecar.check.finding import Finding, Level, found, ok, problem, warning
from sidecar.codes.findings import Reached, Topic
from sidecar.faults import reason_of
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError, ZammadRefusedError
from zammad_client.records import User

CLOCK_WARNING = 30.0  # seconds
CLOCK_PROBLEM = 300.0
UNAUTHORIZED = 401

_SIGNS = (  # a word of the error, lower case
    ("certificate", Reached.CERTIFICATE),
    ("ssl", Reached.NO_TLS),
    ("redirected", Reached.REDIRECTED),
    ("name or service not known", Reached.NO_HOST),
    ("name resolution", Reached.NO_HOST),
    ("refused", Reached.NOBODY_THERE),
    ("cannot be read", Reached.NO_ZAMMAD),
    ("in time", Reached.TOO_SLOW),
    ("api token access disabled", Reached.NO_TOKENS),
    ("maintenance", Reached.MAINTENANCE),
)


_WHILE_RESTARTING = frozenset({Reached.NOBODY_THERE, Reached.TOO_SLOW, Reached.NO_ZAMMAD, Reached.UNREACHABLE})


async def service_user(zammad: Zammad, *, restarting: bool = False) -> tuple[User | None, Finding]:
    """Who the token belongs to; None where nothing further can be asked of Zammad.

    `restarting`: it may be, because attributes were migrated just now.
    """
    try:
        user = await zammad.me()
    except ZammadError as error:
        if restarting and _kind_of(error.message.lower()) in _WHILE_RESTARTING and error.status != UNAUTHORIZED:
            away = because(Reached.RESTARTING, url=zammad.url, error=reason_of(error))
            return None, warning(Topic.ZAMMAD, away)
        return None, _failure(zammad.url, error)
    return user, ok(Topic.ZAMMAD, because(Reached.ANSWERS, url=zammad.url, login=user.login))


def _failure(url: str, error: ZammadError) -> Finding:
    if isinstance(error, ZammadRefusedError) and error.status == UNAUTHORIZED:
        return _token_refused(error)
    return problem(Topic.ZAMMAD, because(_kind_of(error.message.lower()), url=url, error=reason_of(error)))


def _kind_of(words: str) -> Reached:
    return next((kind for sign, kind in _SIGNS if sign in words), Reached.UNREACHABLE)


def _token_refused(error: ZammadError) -> Finding:
    words = error.message.lower()
    if "expired" in words:
        return problem(Topic.TOKEN, because(Reached.TOKEN_EXPIRED))
    if "login failed" in words:
        return problem(Topic.TOKEN, because(Reached.USER_INACTIVE))
    return problem(Topic.TOKEN, because(Reached.TOKEN_UNKNOWN, error=reason_of(error)))


async def clock_difference(zammad: Zammad, *, now: Callable[[], float] = time.time) -> Finding:
    """By the Date header, which knows whole seconds."""
    before = now()
    try:
        theirs = await zammad.server_time()
    except ZammadError as error:
        return warning(Topic.CLOCK, because(Reached.CLOCK_UNREAD, error=reason_of(error)))
    if theirs is None:
        return ok(Topic.CLOCK, because(Reached.CLOCK_UNTOLD))
    return judge_clock((before + now()) / 2 - theirs.timestamp())


def judge_clock(ahead: float) -> Finding:
    """`ahead`: seconds this machine's clock shows more than Zammad's."""
    apart = abs(ahead)
    if apart <= CLOCK_WARNING:
        return ok(Topic.CLOCK, because(Reached.CLOCK_AGREES))
    level = Level.PROBLEM if apart > CLOCK_PROBLEM else Level.WARNING
    return found(level, Topic.CLOCK, because(Reached.CLOCK_AHEAD if ahead > 0 else Reached.CLOCK_BEHIND, apart=apart))
