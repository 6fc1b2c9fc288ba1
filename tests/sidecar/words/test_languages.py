"""Who is spoken to in which language."""

from __future__ import annotations

import pytest

from sidecar.words.languages import language_asked_for, language_of_environment, language_of_locale


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("*", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr;q=0.9, de;q=0.5, en;q=0.3", "de"),
        ("en;q=0.3, DE-ch ;q=0.8", "de"),
        ("fr-FR, fr;q=0.9", "en"),
        ("de;q=0, en-US", "en"),
        ("de;q=much", "en"),
        (";;;,,,", "en"),
    ],
)
def test_a_browser_gets_the_language_it_likes_best_of_ours(header: str, language: str) -> None:
    assert language_asked_for(header) == language


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_AT@euro"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:de:en"}, "de"),
        ({"LANG": "C", "LANGUAGE": "de"}, "en"),
        ({"LANG": "", "LC_ALL": "", "LANGUAGE": "de"}, "en"),
    ],
)
def test_a_command_speaks_as_the_environment_says(environ: dict[str, str], language: str) -> None:
    assert language_of_environment(environ) == language


@pytest.mark.parametrize(("locale", "language"), [("de-de", "de"), ("de_CH", "de"), ("pt-br", "en"), ("", "en")])
def test_a_locale_names_a_language(locale: str, language: str) -> None:
    assert language_of_locale(locale) == language
