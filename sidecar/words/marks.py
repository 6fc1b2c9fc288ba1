"""Marks for messages that are written down in one place and said in another: the catalogues are made by them."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import cleandoc

EXAMPLES = "- `"  # how a list of them begins in the help of a command


@dataclass(frozen=True, slots=True, kw_only=True)
class Plural:
    """A message that depends on how many: `{count}` in it, or the parameter that `by` names."""

    one: str
    many: str
    by: str = "count"


Message = str | Plural


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    return message


def N_plural(one: str, many: str, *, by: str = "count") -> Plural:  # noqa: N802 - of the same family
    return Plural(one=one, many=many, by=by)


def paragraphs(text: str) -> list[str]:
    """Of the help of a command, in their order; each is one line, and a list of examples as many as it has."""
    parts = cleandoc(text).split("\n\n")
    return [part if part.startswith(EXAMPLES) else " ".join(part.split()) for part in parts]


def said_paragraphs(text: str) -> list[str]:
    """Those that are words."""
    return [part for part in paragraphs(text) if not part.startswith(EXAMPLES)]
