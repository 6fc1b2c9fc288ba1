"""There are words for every code, and the words ask for what the code sends."""

from __future__ import annotations

from itertools import chain
from string import Formatter

from sidecar.calls.reasons import AS_WRITTEN
from sidecar.words.marks import Message, Plural
from sidecar.words.sentences import FINDINGS, FORMATS, TEMPLATES
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
