"""Pydantic's findings as a person reads them: for each the key as in the file, what is wrong, what to do."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from sidecar.calls.reasons import Parameter, Reason, because
from sidecar.codes.configuration import Misconfigured
from sidecar.config.sections import Settings
from sidecar.config.sources import PREFIX, settings_variables, together
from sidecar.config.values import WrongValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_CODES = {
    "bool_type": Misconfigured.BOOL,
    "bool_parsing": Misconfigured.BOOL,
    "float_type": Misconfigured.NUMBER,
    "float_parsing": Misconfigured.NUMBER,
    "finite_number": Misconfigured.FINITE,
    "int_type": Misconfigured.WHOLE,
    "int_parsing": Misconfigured.WHOLE,
    "int_parsing_size": Misconfigured.WHOLE,
    "int_from_float": Misconfigured.WHOLE,
    "string_type": Misconfigured.TEXT,
    "string_too_short": Misconfigured.EMPTY,
    "path_type": Misconfigured.PATH,
    "tuple_type": Misconfigured.LIST,
    "dict_type": Misconfigured.MAP,
    "model_type": Misconfigured.SECTION,
}
_LIMITS = {
    "greater_than": Misconfigured.GREATER,
    "greater_than_equal": Misconfigured.LEAST,
    "less_than_equal": Misconfigured.MOST,
}
_KEPT_BACK = re.compile("token|secret|url")  # what is, or may carry, a secret
_LONGEST = 60  # signs of a value that are shown


def complaint(error: ValidationError, environ: Mapping[str, str]) -> Reason:
    """Every finding with where its value came from; typing errors first: they are why other keys are missing."""
    findings = sorted(error.errors(include_url=False), key=_is_no_typo)
    faults = {_key(each): each for each in reversed(findings)}  # one for each key: a union finds fault with it twice
    return together([_fault(each, environ) for each in reversed(faults.values())])


def _is_no_typo(finding: ErrorDetails) -> bool:
    return finding["type"] != "extra_forbidden"


def _fault(finding: ErrorDetails, environ: Mapping[str, str]) -> Reason:
    what, value = _what(finding), _value(finding)
    if value is not None and "path" not in what.parameters:
        what = because(Misconfigured.FOUND, what=what, value=value)
    if _variable(finding) in {name.upper() for name in settings_variables(environ)}:
        what = because(Misconfigured.FROM_VARIABLE, what=what, variable=_variable(finding))
    return because(Misconfigured.AT_KEY, key=_key(finding), what=what)


def _key(finding: ErrorDetails) -> str:
    key = ""
    for part in finding["loc"]:
        key += f"[{part}]" if isinstance(part, int) else f".{part}"
    return key.removeprefix(".")


def _variable(finding: ErrorDetails) -> str:
    return PREFIX + "__".join(str(part) for part in finding["loc"] if not isinstance(part, int)).upper()


def _what(finding: ErrorDetails) -> Reason:
    context: dict[str, Any] = finding.get("ctx", {})
    match finding["type"]:
        case "value_error" if isinstance(context["error"], WrongValueError):
            return context["error"].reason
        case "missing":
            return because(Misconfigured.MISSING, variable=_variable(finding))
        case "extra_forbidden":
            return _suggestion(finding["loc"])
        case "literal_error":
            return because(Misconfigured.ONE_OF, expected=re.findall("'[^']*'", str(context["expected"])))
        case kind if kind in _LIMITS:
            (limit,) = context.values()
            return because(_LIMITS[kind], than=_plain(limit))
        case kind:
            return because(_CODES.get(kind, Misconfigured.OTHERWISE))


def _plain(limit: float) -> Parameter:
    return str(int(limit) if limit == int(limit) else limit)


def _value(finding: ErrorDetails) -> str | None:
    """As it is written; nothing of what may be a secret, and of what is missing."""
    value = finding["input"]
    told = finding["type"] in {"missing", "extra_forbidden"} or _KEPT_BACK.search(_key(finding))
    if told or not isinstance(value, str | int | float):
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f'"{shown}"' if isinstance(value, str) else shown


def _suggestion(location: tuple[int | str, ...]) -> Reason:
    *section, key = map(str, location)
    known: Mapping[str, Any] = Settings.model_fields
    for name in section:
        known = getattr(known[name].annotation, "model_fields", {}) if name in known else {}
    if close := get_close_matches(key, known, n=1):
        return because(Misconfigured.DID_YOU_MEAN, key=".".join([*section, close[0]]))
    return because(Misconfigured.NO_SUCH_KEY)
