"""There are words for every code, and the words ask for what the code sends."""

from __future__ import annotations

from itertools import chain
from string import Formatter

import pytest

from sidecar.calls.reasons import AS_WRITTEN, Parameter, Reason, because
from sidecar.words.marks import Message, Plural
from sidecar.words.sentences import FINDINGS, FORMATS, TEMPLATES, explained
from tests.sentences import GERMAN, english_in
from tests.sidecar.words.reasons_in_code import codes, given_reasons

CODES = frozenset(chain.from_iterable(members.values() for members in codes().values()))


def asked_for(code: str) -> frozenset[str]:
    """By the words for it; of a finding by all three texts together."""
    advice = FINDINGS.get(code)
    templates = (advice.what, advice.why, advice.cure) if advice else (TEMPLATES[code],)
    return frozenset(chain.from_iterable(map(_placeholders, templates)))


def _placeholders(template: Message) -> frozenset[str]:
    texts = (template.one, template.many) if isinstance(template, Plural) else (template,)
    named = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    return frozenset(named | ({template.by} if isinstance(template, Plural) else set()))


def test_every_code_has_words_and_no_words_are_left_over() -> None:
    assert CODES ^ TEMPLATES.keys() == {AS_WRITTEN}


def test_every_code_is_given_somewhere() -> None:
    assert CODES - {given.code for given in given_reasons()} == set()


def test_words_ask_for_exactly_what_the_code_sends() -> None:
    differing = {
        (given.where, given.code): (sorted(given.parameters), sorted(asked_for(given.code)))
        for given in given_reasons()
        if given.parameters != asked_for(given.code)
    }
    assert differing == {}


def test_words_know_how_values_are_written() -> None:
    templates = [*TEMPLATES.values(), *(each for advice in FINDINGS.values() for each in (advice.why, advice.cure))]
    texts = chain.from_iterable((each.one, each.many) if isinstance(each, Plural) else (each,) for each in templates)
    assert {spec for text in texts for _, _, spec, _ in Formatter().parse(text) if spec} <= FORMATS.keys()


NUMBERS = {"count", "seconds", "span", "about", "ago", "percent", "megabytes", "clock", "when"}
SEVERAL = {"jobs", "phones", "items", "lines", "or"}


def example_of(code: str, *, count: int) -> Reason:
    """A reason of this code with what its words ask for."""
    advice = FINDINGS.get(code)
    templates = (advice.what, advice.why, advice.cure) if advice else (TEMPLATES[code],)
    asked = {name: spec for template in templates for text in texts_of(template) for name, spec in fields_of(text)}
    counted = {each.by: count for each in templates if isinstance(each, Plural)}
    values: dict[str, Parameter] = {
        name: 3.0 if spec in NUMBERS else ("4930",) if spec in SEVERAL else "4930" for name, spec in asked.items()
    }
    return because(code, **{**values, **counted})


def texts_of(template: Message) -> tuple[str, ...]:
    return (template.one, template.many) if isinstance(template, Plural) else (template,)


def fields_of(text: str) -> list[tuple[str, str]]:
    return [(name, spec or "") for _, name, spec, _ in Formatter().parse(text) if name]


@pytest.mark.parametrize("count", [1, 2])
def test_all_that_check_finds_and_all_stories_are_said_in_german(count: int) -> None:
    """With values in them: nothing falls back to its code, and no English is left."""
    for code in TEMPLATES.keys() - {AS_WRITTEN}:
        said = explained(example_of(code, count=count), GERMAN)
        for text in (said.what, said.why, said.cure):
            assert english_in(text) == [], code
            assert code.replace("_", " ") not in text
