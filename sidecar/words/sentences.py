"""Reasons put into words: a template for each code, filled with what the reason knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from babel.lists import format_list

from sidecar.calls.reasons import AS_WRITTEN, Reason
from sidecar.words import formats
from sidecar.words.decisions import DECISIONS, RULE_WARNINGS
from sidecar.words.deeds import DEEDS
from sidecar.words.faults import CONFIGURATION, FAULTS
from sidecar.words.findings.advice import Advice
from sidecar.words.findings.callbacks import CALLBACKS
from sidecar.words.findings.details import DETAILS
from sidecar.words.findings.entrance import ENTRANCE
from sidecar.words.findings.own_side import OWN_SIDE
from sidecar.words.findings.rows import ROWS
from sidecar.words.findings.sipgate import AT_SIPGATE, SIPGATE_FACTS
from sidecar.words.findings.subjects import SUBJECTS
from sidecar.words.findings.switches import SWITCHES
from sidecar.words.findings.zammad import ZAMMAD
from sidecar.words.formats import NOTHING, locale_of
from sidecar.words.marks import Message, Plural
from sidecar.words.readiness import READINESS
from sidecar.words.stories import DELIVERIES, RECOGNITION, STORIES
from sidecar.words.wording import Words

MOST_ITEMS = 10  # of a list that may be long

FINDINGS: Mapping[str, Advice] = {**ZAMMAD, **SWITCHES, **ROWS, **OWN_SIDE, **ENTRANCE, **AT_SIPGATE, **CALLBACKS}
TEMPLATES: Mapping[str, Message] = {  # the codes of each subject stand in a module of their own beside this one
    AS_WRITTEN: "{text}",
    **DEEDS,
    **DECISIONS,
    **RULE_WARNINGS,
    **STORIES,
    **DELIVERIES,
    **RECOGNITION,
    **READINESS,
    **FAULTS,
    **CONFIGURATION,
    **SUBJECTS,
    **DETAILS,
    **SIPGATE_FACTS,
    **{code: advice.what for code, advice in FINDINGS.items()},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What was found, why that matters and what to do; the last two are empty where all is well."""

    what: str
    why: str = ""
    cure: str = ""


def sentence(reason: Reason, words: Words) -> str:
    """In the language of `words`. What a newer release has stored is shown by its code and what it knows."""
    template = TEMPLATES.get(reason.code)
    return _unknown(reason, words) if template is None else _said(template, reason, words)


def explained(reason: Reason, words: Words) -> Explained:
    """A finding in full; one of another release as far as it goes."""
    advice = FINDINGS.get(reason.code)
    if advice is None:
        return Explained(what=sentence(reason, words))
    said = [_said(each, reason, words) if each else "" for each in (advice.what, advice.why, advice.cure)]
    return Explained(what=said[0], why=said[1], cure=said[2])


def _said(template: Message, reason: Reason, words: Words) -> str:
    try:
        return filled(_translated(template, reason, words), reason.parameters, words)
    except (KeyError, ValueError, TypeError, AttributeError):  # another release's parameters
        return _unknown(reason, words)


def filled(template: str, values: Mapping[str, object], words: Words) -> str:
    """Raises: KeyError, ValueError, TypeError or AttributeError where the values are not what it asks for."""
    return _Filling(words).vformat(template, (), values)


def is_foreign(reason: Reason) -> bool:
    """Whether it is not said in the language of the page, whichever that is."""
    return reason.code == AS_WRITTEN or reason.code not in TEMPLATES


def _translated(template: Message, reason: Reason, words: Words) -> str:
    match template:
        case str():
            return words.gettext(template)
        case Plural(one=one, many=many, by=by):
            number = reason.parameters[by]
            return words.catalogue.ngettext(one, many, number if isinstance(number, int) else 0)


def _unknown(reason: Reason, words: Words) -> str:
    known = ", ".join(f"{name}: {_value(each, words)}" for name, each in reason.parameters.items())
    code = reason.code.replace("_", " ")
    return f"{code} ({known})" if known else code


class _Filling(Formatter):
    def __init__(self, words: Words) -> None:
        self._words = words

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None or not format_spec:
            return _value(value, self._words)
        return FORMATS[format_spec](value, self._words)


def _value(value: object, words: Words) -> str:
    match value:
        case None:
            return NOTHING
        case bool():
            return words.gettext("yes") if value else words.gettext("no")
        case float():
            return words.count(value)
        case Reason():
            return sentence(value, words)
        case list() | tuple():
            return _listed(value, "standard", words)
        case _:
            return str(value)


def _listed(several: Sequence[object], style: Any, words: Words) -> str:
    """a, b and c; or with "or"."""
    return format_list([_value(each, words) for each in several], style=style, locale=locale_of(words.language))


def _items(several: Sequence[object], words: Words) -> str:
    """The first few, and how many more there are."""
    shown = "; ".join(_value(each, words) for each in several[:MOST_ITEMS])
    more = len(several) - MOST_ITEMS
    return shown if more <= 0 else shown + words.ngettext(" and {count} more", " and {count} more", more)


FORMATS: Mapping[str, Callable[[Any, Words], str]] = {  # what may stand behind the colon of a placeholder
    "count": lambda number, words: words.count(number),
    "seconds": lambda span, words: words.seconds(span),
    "span": lambda span, words: words.in_units(span),
    "about": lambda span, words: formats.about(span, words.language),
    "ago": lambda span, words: words.ago(span),
    "percent": lambda share, words: words.percent(share),
    "megabytes": lambda size, words: formats.megabytes(size, words.language),
    "clock": lambda at, words: words.exact_clock(at),
    "when": lambda at, words: words.when(at),
    "signature": lambda result, words: words.term("signature", result),
    "event": lambda event, words: words.term("event", event) if isinstance(event, str) else _value(event, words),
    "scenario": lambda scenario, words: words.term("scenario", scenario),
    "jobs": lambda names, words: ", ".join(words.term("job", name) for name in names),
    "phone": lambda number, words: words.phone(number),
    "phones": lambda numbers, words: _listed([words.phone(number) for number in numbers], "or", words),
    "caller": lambda number, words: words.caller(number),
    "items": _items,
    "lines": lambda several, words: "\n".join(_value(each, words) for each in several),
    "or": lambda several, words: _listed(several, "or", words),
}
