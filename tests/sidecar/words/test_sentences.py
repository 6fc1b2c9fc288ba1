"""Reasons put into words: of this release, of older and of newer ones."""

from __future__ import annotations

from string import Formatter

import pytest

from sidecar.calls.reasons import Reason, as_written, because
from sidecar.words.formats import NOTHING
from sidecar.words.marks import Plural
from sidecar.words.sentences import FORMATS, TEMPLATES, filled, is_foreign, sentence
from sidecar.words.wording import Words

ENGLISH, GERMAN = (Words(language=language, zone="Europe/Berlin") for language in ("en", "de"))


def test_what_was_stored_as_a_sentence_is_shown_as_it_is() -> None:
    old = as_written("blocked: {block list} row 2")
    assert (sentence(old, GERMAN), is_foreign(old)) == ("blocked: {block list} row 2", True)


def test_what_a_newer_release_has_stored_is_shown_readably() -> None:
    newer = because("told_by_telepathy", agent="Otto", since=2.5, sure=True, number=None)
    assert sentence(newer, GERMAN) == "told by telepathy (agent: Otto, since: 2,5, sure: ja, number: \N{EN DASH})"
    assert sentence(Reason(code="x"), GERMAN) == "x"


@pytest.mark.parametrize(
    ("template", "value", "english", "german"),
    [
        ("{it}", ("a", "b", "c"), "a, b and c", "a, b und c"),
        ("{it:or}", ("a", as_written("b")), "a or b", "a oder b"),
        ("{it:items}", tuple("abcdefghijkl"), "a; b; c; d; e; f; g; h; i; j and 2 more", None),
        ("{it:items}", ("a", "b"), "a; b", "a; b"),
        ("{it}", 1234, "1234", "1234"),
        ("{it:count}", 1234, "1,234", "1.234"),
        ("{it:span}", 68.0, "1 min 8 secs", "1 Min. 8 Sek."),
        ("{it:ago}", 7 * 86400.0, "7 days ago", "vor 7 Tagen"),
        ("{it:about}", 600.0, "10 minutes", "10 Minuten"),
        ("{it:megabytes}", 1_500_000_000, "1,500 MB", "1.500 MB"),
        ("{it:phone}", "493012345678", "+49 30 12345678", "+49 30 12345678"),
        ("{it:caller}", "anonymous", "Number withheld", "Unterdrückte Nummer"),
        ("{it:clock}", None, NOTHING, NOTHING),
        ("{it}", "{not} a placeholder", "{not} a placeholder", "{not} a placeholder"),
    ],
)
def test_templates_say_values_as_the_language_does(
    template: str, value: object, english: str, german: str | None
) -> None:
    assert filled(template, {"it": value}, ENGLISH) == english
    assert german is None or filled(template, {"it": value}, GERMAN) == german


def test_templates_use_formats_that_there_are() -> None:
    texts = [
        text for each in TEMPLATES.values() for text in ((each.one, each.many) if isinstance(each, Plural) else (each,))
    ]
    asked_for = {spec for text in texts for _, _, spec, _ in Formatter().parse(text) if spec}
    assert asked_for <= FORMATS.keys()
