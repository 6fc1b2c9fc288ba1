"""The two addresses at sipgate: are they ours, with the token of today, and do they point here?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from sidecar.calls.reasons import Reason, because
from sidecar.codes.sipgate import AtSipgate, HookUrl
from sidecar.hooks.http import PREFIX

_HOOK_PATH = re.compile(rf"(?P<base>.*){PREFIX}/(?P<token>[^/]+)/(?P<way>in|out)/?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    public_url: str
    current: str | None = field(repr=False)  # tokens of the hook path
    previous: str | None = field(repr=False)


def faults_of_urls(incoming: str, outgoing: str, expected: Expected) -> Iterator[Reason]:
    """Nothing where both are right. No address is repeated: there is a token in it."""
    for url, direction, way in ((incoming, HookUrl.INCOMING, "in"), (outgoing, HookUrl.OUTGOING, "out")):
        if code := _fault(url, way, expected):
            host = _host(url)
            yield because(code, direction=because(direction), host=host)


def _fault(url: str, way: str, expected: Expected) -> AtSipgate | None:
    if not url.strip():
        return AtSipgate.URL_EMPTY
    found = _HOOK_PATH.fullmatch(url.strip())
    if found is None or _place(found["base"]) != _place(expected.public_url):
        return AtSipgate.URL_ELSEWHERE
    token = unquote(found["token"])
    if expected.current and token != expected.current:
        return AtSipgate.URL_OLD_TOKEN if token == expected.previous else AtSipgate.URL_WRONG_TOKEN
    return AtSipgate.URL_SWAPPED if found["way"] != way else None


def _place(url: str) -> tuple[str, str, int | None, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", url, None, ""
    known = {"https": 443, "http": 80}
    return parts.scheme, parts.hostname or "", port or known.get(parts.scheme), parts.path.rstrip("/")


def _host(url: str) -> str:
    return _place(url)[1]
