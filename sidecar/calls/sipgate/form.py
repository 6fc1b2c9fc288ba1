"""The form a hook's body is: fields by name, as sipgate and others spell them (docs/reference/sipgate.md section 7)."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_plus

FORM_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 200
LONGEST_REMEMBERED = 40  # characters of a name
LONGEST_ID = 500  # 136 were seen; PostgreSQL indexes no key of any length

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def is_form_type(content_type: str | None) -> bool:
    """Whether this is a form's content type, in any case and with any parameters; none at all counts as one."""
    return (content_type or "").partition(";")[0].strip().lower() in {"", FORM_TYPE}


def field_count(body: bytes) -> int:
    """How many fields a form's body has, empty ones included; cheap enough to ask before parsing it."""
    return body.count(b"&") + 1 if body else 0


def is_id(text: str) -> bool:
    """Whether this can be the key of a call: opaque text on one line and of bearable length."""
    if len(text) > LONGEST_ID:
        return False
    return (text.isascii() and text.isprintable()) or not _CONTROL.search(text)


def on_one_line(text: str, longest: int = 40) -> str:
    """Foreign text as a reason or a log may quote it: short and without control characters."""
    return _CONTROL.sub(_REPLACEMENT, text if len(text) <= longest else f"{text[: longest - 1]}…")


def _bare_name(key: str) -> str:
    return unquote_plus(key, errors="replace").partition("[")[0]


_remembered_name = lru_cache(maxsize=256)(_bare_name)  # there are few, and decoding takes longer than all else


def _decoded(value: str) -> str:
    return unquote_plus(value, errors="replace") if "%" in value else value.replace("+", " ")


class Form:
    """The decoded fields by bare name: `user`, `user[]`, `user[0]` and `user[][0]` are one field.

    An empty value counts as absent. NUL, which PostgreSQL's text refuses, becomes U+FFFD, as does invalid UTF-8.
    """

    __slots__ = ("_values",)

    def __init__(self, body: bytes) -> None:
        values: dict[str, list[str]] = {}
        for field in body.decode("utf-8", "replace").split("&"):  # reads like parse_qsl, in a third of its time
            key, _, value = field.partition("=")
            if value:
                if not key.isalpha():
                    key = (_remembered_name if len(key) <= LONGEST_REMEMBERED else _bare_name)(key)
                values.setdefault(key, []).append(_decoded(value))
        self._values = values

    def raw(self, name: str) -> str | None:
        """The first value, NUL and all."""
        values = self._values.get(name)
        return values[0] if values else None

    def first(self, name: str) -> str | None:
        values = self._values.get(name)
        return values[0].replace("\0", _REPLACEMENT) if values else None

    def text(self, name: str) -> str:
        values = self._values.get(name)
        return values[0].replace("\0", _REPLACEMENT) if values else ""

    def number(self, name: str) -> str:
        """A number as written; an unencoded plus has become a blank, as forms have it."""
        return self.text(name).strip()

    def every(self, name: str) -> tuple[str, ...]:
        values = self._values.get(name)
        return tuple([value.replace("\0", _REPLACEMENT) for value in values]) if values else ()

    def id(self, name: str) -> str | None:
        """An id of another leg or of the whole call; None also where it could be no key."""
        values = self._values.get(name)
        return values[0] if values and is_id(values[0]) else None
