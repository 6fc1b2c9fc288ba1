"""Numbers, spans and times in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from sidecar.words.wording import Words

ENGLISH, GERMAN = (Words(language=language, zone="Europe/Berlin") for language in ("en", "de"))
AT = 1_762_178_829.0  # 2025-11-03, 15:07:09 in Berlin
NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("words", "when", "short_day", "shortest_day"),
    [
        (ENGLISH, "3 Nov 2025, 15:07", "Mon 3 Nov", "Mon 03/11"),
        (GERMAN, "03.11.2025, 15:07", "Mo., 3. Nov.", "Mo., 3.11."),
    ],
)
def test_times_are_written_as_the_language_does(words: Words, when: str, short_day: str, shortest_day: str) -> None:
    assert (words.when(AT), words.exact_clock(AT)) == (when, "15:07:09")
    assert (words.short_day(AT), words.shortest_day(date(2025, 11, 3))) == (short_day, shortest_day)


def test_numbers_are_written_as_the_language_does() -> None:
    assert [ENGLISH.count(1234.5), ENGLISH.percent(0.954), ENGLISH.count(1_000_000)] == ["1,234.5", "95%", "1,000,000"]
    assert [GERMAN.count(1234.5), GERMAN.percent(0.954), GERMAN.count(1_000_000)] == [
        "1.234,5",
        f"95{NBSP}%",
        "1.000.000",
    ]


@pytest.mark.parametrize(
    ("seconds", "english", "german", "in_a_column"),
    [
        (0, "0 secs", "0 Sek.", "0:00"),
        (8.4, "8 secs", "8 Sek.", "0:08"),
        (60, "1 min", "1 Min.", "1:00"),
        (68, "1 min 8 secs", "1 Min. 8 Sek.", "1:08"),
        (7501, "2 hrs 5 mins", "2 Std. 5 Min.", "2:05:01"),
    ],
)
def test_spans(seconds: float, english: str, german: str, in_a_column: str) -> None:
    assert (ENGLISH.in_units(seconds), GERMAN.in_units(seconds), GERMAN.span(seconds)) == (
        english,
        german,
        in_a_column,
    )


def test_how_long_ago_declines() -> None:
    assert [ENGLISH.ago(3 * 86400), GERMAN.ago(3 * 86400), GERMAN.ago(60 * 60)] == [
        "3 days ago",
        "vor 3 Tagen",
        "vor 60 Minuten",
    ]


WITHHELD, NONE = "Unterdrückte Nummer", "\N{EN DASH}"


@pytest.mark.parametrize(
    ("number", "as_number", "as_caller"),
    [
        ("493012345678", "+49 30 12345678", "+49 30 12345678"),
        ("anonymous", WITHHELD, WITHHELD),
        ("", NONE, WITHHELD),
        (None, NONE, WITHHELD),
    ],
)
def test_only_a_caller_withholds_a_number(number: str | None, as_number: str, as_caller: str) -> None:
    assert (GERMAN.phone(number), GERMAN.caller(number)) == (as_number, as_caller)
