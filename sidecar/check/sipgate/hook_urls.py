"""The two addresses at sipgate: are they ours, with the token of today, and do they point here?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from sidecar.calls.reasons import Reason, because
from sidecar.codes.sipgate import AtSipgate, HookUrl
from sidecar.hooks.http import PREFIX

_HOOK_PATH = re.compile(rf"(?P<base>.*){PREFIX}/(?P<token>[^/]+)/(?P<way>in|out)")
_USUAL_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """`host` with its port where that is not the usual one, `path` without a slash at its end."""

    scheme: str
    host: str
    path: str


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
    there, here = _place(url.strip()), _place(expected.public_url)
    if there is None or here is None:
        return because(AtSipgate.URL_UNREADABLE, direction=because(direction))
    if there.host != here.host:
        return because(AtSipgate.URL_ELSEWHERE, direction=because(direction), host=there.host)
    if there.scheme != here.scheme:
        found, wanted = f"{there.scheme}://", f"{here.scheme}://"
        return because(AtSipgate.URL_SCHEME, direction=because(direction), found=found, expected=wanted)
    path = _HOOK_PATH.fullmatch(there.path)
    if path is None or path["base"] != here.path:
        return because(AtSipgate.URL_PATH, direction=because(direction), host=there.host)
    code = _fault(unquote(path["token"]), path["way"] == way, expected)
    return because(code, direction=because(direction)) if code else None


def _fault(token: str, is_right_way: bool, expected: Expected) -> AtSipgate | None:  # noqa: FBT001 - a plain fact
    if expected.current and token != expected.current:
        return AtSipgate.URL_OLD_TOKEN if token == expected.previous else AtSipgate.URL_WRONG_TOKEN
    return None if is_right_way else AtSipgate.URL_SWAPPED


def _place(url: str) -> _Place | None:
    """None where it is no address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.scheme not in _USUAL_PORTS:
        return None
    shown = "" if port in {None, _USUAL_PORTS[parts.scheme]} else f":{port}"
    path = parts.path.removesuffix("/") + (f"?{parts.query}" if parts.query else "")
    return _Place(scheme=parts.scheme, host=f"{parts.hostname}{shown}", path=path)
