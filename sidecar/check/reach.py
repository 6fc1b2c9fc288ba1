"""Can Zammad be reached, is it Zammad, does it know the token, and do the clocks agree?"""

from __future__ import annotations

import time
from collections.abc import Callable

from sidecar.check.finding import Finding, ok, problem, warning
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError, ZammadRefusedError
from zammad_client.records import User

CLOCK_WARNING = 30.0  # seconds
CLOCK_PROBLEM = 300.0

_CURES = (  # a word of the error, lower case -> what to do
    (
        "certificate",
        "set zammad.verify_tls to the CA bundle that signed Zammad's certificate, or renew the certificate",
    ),
    ("ssl", "zammad.url begins with https://, but no TLS is spoken there: correct the scheme or the port"),
    ("redirected", "set zammad.url to the address it redirects to, usually the one with https://"),
    ("name or service not known", "correct the host in zammad.url, or the name server of this machine"),
    ("name resolution", "correct the host in zammad.url, or the name server of this machine"),
    ("refused", "start Zammad, or correct host and port in zammad.url"),
    ("cannot be read", "zammad.url leads to something that is no Zammad: set it to Zammad's own address"),
    ("in time", "look at Zammad's load and the network between, or raise zammad.timeout"),
    ("api token access disabled", "allow token access in Zammad, System > API"),
    ("maintenance", "end Zammad's maintenance mode"),
)
_NO_TOKEN = "Nothing that the sidecar does in Zammad works without it."  # noqa: S105 - words
TOKEN_PAGE = "Profile > Token Access; where that is missing the role lacks user_preferences.access_token"  # noqa: S105 - words
_NEW_TOKEN = (
    f"log in to Zammad as the service user, create a token ({TOKEN_PAGE}), and put it into zammad.token, "
    "SIDECAR_ZAMMAD__TOKEN or the file zammad.token_file names"
)


async def service_user(zammad: Zammad) -> tuple[User | None, Finding]:
    """Who the token belongs to; None where nothing further can be asked of Zammad."""
    try:
        user = await zammad.me()
    except ZammadError as error:
        return None, _failure(zammad.url, error)
    return user, ok("Zammad", f"{zammad.url} answers; the token belongs to {user.login}")


def _failure(url: str, error: ZammadError) -> Finding:
    if isinstance(error, ZammadRefusedError) and error.status == 401:  # noqa: PLR2004 - HTTP
        return _token_refused(error)
    return problem(
        "Zammad",
        f"{url}: {error}",
        why="Calls are answered from what was read before, but nothing of them reaches the agents.",
        cure=_cure(error.message.lower()),
    )


def _cure(words: str) -> str:
    return next((cure for sign, cure in _CURES if sign in words), "check zammad.url, and that Zammad runs")


def _token_refused(error: ZammadError) -> Finding:
    words = error.message.lower()
    if "expired" in words:
        return problem("token", "Zammad says: the token has expired", why=_NO_TOKEN, cure=_NEW_TOKEN)
    if "login failed" in words:
        cure = "activate the service user again in Zammad, Manage > Users"
        return problem("token", "the user the token belongs to is not active", why=_NO_TOKEN, cure=cure)
    return problem("token", f"Zammad does not know the token: {error}", why=_NO_TOKEN, cure=_NEW_TOKEN)


async def clock_difference(zammad: Zammad, *, now: Callable[[], float] = time.time) -> Finding:
    """By the Date header, which knows whole seconds."""
    before = now()
    try:
        theirs = await zammad.server_time()
    except ZammadError as error:
        return warning(
            "clock",
            f"Zammad's time could not be read: {error}",
            why="Clocks that differ show calls at the wrong time.",
            cure="compare `date` on both machines",
        )
    if theirs is None:
        return ok("clock", "Zammad does not tell its time; a proxy in front of it would")
    return judge_clock((before + now()) / 2 - theirs.timestamp())


def judge_clock(ahead: float) -> Finding:
    """`ahead`: seconds this machine's clock shows more than Zammad's."""
    apart = abs(ahead)
    if apart <= CLOCK_WARNING:
        return ok("clock", "this machine and Zammad agree")
    amount = f"{apart:.0f} s" if apart < 2 * 60 else f"{apart / 60:.0f} min"
    found = problem if apart > CLOCK_PROBLEM else warning
    return found(
        "clock",
        f"this machine's clock is {amount} {'ahead of' if ahead > 0 else 'behind'} Zammad's",
        why="Calls are listed at the wrong time, and missed calls are matched with the wrong tickets.",
        cure="let both machines take their time from the network (`timedatectl set-ntp true`)",
    )
