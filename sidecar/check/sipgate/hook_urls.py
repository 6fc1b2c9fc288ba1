"""The two addresses at sipgate: are they ours, with the token of today, and do they point here?"""

from __future__ import annotations

import re
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


def faults_of_urls(incoming: str, outgoing: str, expected: Expected) -> list[Reason]:
    """Nothing where both are right. No address is repeated: there is a token in it."""
    found = (
        _fault_of(incoming, "in", HookUrl.INCOMING, expected),
        _fault_of(outgoing, "out", HookUrl.OUTGOING, expected),
    )
    return [fault for fault in found if fault]


def _fault_of(url: str, way: str, direction: HookUrl, expected: Expected) -> Reason | None:
    if not url.strip():
        return because(AtSipgate.URL_EMPTY, direction=because(direction))
    found = _HOOK_PATH.fullmatch(url.strip())
    if found is None or _place(found["base"]) != _place(expected.public_url):
        return because(AtSipgate.URL_ELSEWHERE, direction=because(direction), host=_host(url))
    code = _fault(unquote(found["token"]), found["way"] == way, expected)
    return because(code, direction=because(direction)) if code else None


def _fault(token: str, is_right_way: bool, expected: Expected) -> AtSipgate | None:  # noqa: FBT001 - a plain fact
    if expected.current and token != expected.current:
        return AtSipgate.URL_OLD_TOKEN if token == expected.previous else AtSipgate.URL_WRONG_TOKEN
    return None if is_right_way else AtSipgate.URL_SWAPPED


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
