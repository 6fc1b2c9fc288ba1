"""What is said is translated, and what is translated is said."""

from __future__ import annotations

from string import Formatter

import pytest

from sidecar.words.catalogues import catalogue_file, read_catalogue, translations
from sidecar.words.extraction import TRANSLATED, messages_in_use, renewed, untranslated
from tests.sentences import english_in


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    assert untranslated(read_catalogue(language)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_has_the_messages_in_use_and_no_others(language: str) -> None:
    in_use, translated = (
        {str(message.id) for message in each} for each in (messages_in_use(), read_catalogue(language))
    )
    assert (in_use - translated, translated - in_use) == (set(), set()), "make words"


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_is_written_as_its_tool_writes_it(language: str) -> None:
    assert catalogue_file(language).read_bytes() == renewed(language), "make words"


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_say_the_same_values(language: str) -> None:
    differing = [
        (one, said)
        for message in read_catalogue(language)
        for one, said in zip(_texts(message.id), _texts(message.string), strict=True)
        if _placeholders(one) != _placeholders(said)
    ]
    assert differing == []


def test_no_english_is_left_in_the_german_texts() -> None:
    left = {
        said: english
        for message in read_catalogue("de")
        for said in _texts(message.string)
        if (english := english_in(said))
    }
    assert left == {}


def _texts(said: object) -> list[str]:
    return [str(each) for each in said] if isinstance(said, list | tuple) else [str(said)]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_a_catalogue_is_read_once() -> None:
    assert translations("de") is translations("de")
    assert translations("de").gettext("Number withheld") == "Unterdrückte Nummer"
    assert translations("en").gettext("Number withheld") == "Number withheld"
