"""Marks for messages that are written down in one place and said in another: the catalogues are made by them."""

from __future__ import annotations

from dataclasses import dataclass


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
