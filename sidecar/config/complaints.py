"""Pydantic's findings as the one line a person reads: the key as in the file, what is wrong, what to do."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from sidecar.config.sections import Settings
from sidecar.config.sources import PREFIX, settings_variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_WORDS = {
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_type": "must be text; put it in quotes",
    "string_too_short": "must not be empty",
    "path_type": "must be the path of a file; put it in quotes",
    "tuple_type": "must be a list such as [one, two]",
    "model_type": "must be a section with keys below it, as in config.example.yaml",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
}


def complaint(error: ValidationError, environ: Mapping[str, str]) -> str:
    """The first finding in words, where its value came from, and how many more there are."""
    findings = sorted(error.errors(include_url=False, include_input=False), key=_is_no_typo)
    first, more = findings[0], len(findings) - 1
    others = f" ({more} more after this)" if more else ""
    return f"{_key(first)}: {_words(first)}{_origin(first, environ)}{others}"


def _is_no_typo(finding: ErrorDetails) -> bool:
    return finding["type"] != "extra_forbidden"  # a misspelt key is why another one is missing


def _key(finding: ErrorDetails) -> str:
    key = ""
    for part in finding["loc"]:
        key += f"[{part}]" if isinstance(part, int) else f".{part}"
    return key.removeprefix(".")


def _variable(finding: ErrorDetails) -> str:
    return PREFIX + "__".join(str(part) for part in finding["loc"] if not isinstance(part, int)).upper()


def _words(finding: ErrorDetails) -> str:
    context: dict[str, Any] = finding.get("ctx", {})
    match finding["type"]:
        case "value_error":
            return str(context["error"])
        case "missing":
            return f"missing; set it in config.yaml or as {_variable(finding)}"
        case "extra_forbidden":
            return f"no such key; {_suggestion(finding['loc'])}"
        case kind:
            return _WORDS.get(kind, finding["msg"]).format(**context)


def _suggestion(location: tuple[int | str, ...]) -> str:
    *section, key = location
    field = Settings.model_fields.get(str(section[0])) if section else None
    known = getattr(field.annotation, "model_fields", {}) if field else Settings.model_fields
    if close := get_close_matches(str(key), known, n=1):
        return f"did you mean {'.'.join([*map(str, section), close[0]])}?"
    return "take it out, or see config.example.yaml for the keys there are"


def _origin(finding: ErrorDetails, environ: Mapping[str, str]) -> str:
    names = {name.upper() for name in settings_variables(environ)}
    return f" (from {_variable(finding)})" if _variable(finding) in names else ""
