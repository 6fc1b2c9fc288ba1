"""Numbers, spans and times as a locale writes them. Spans are seconds, instants UTC epoch seconds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, dates, numbers, units

from sidecar.words.languages import FORMATS

NOTHING = "\N{EN DASH}"
MEGABYTE = 1_000_000
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
_TO_THE_LEFT = frozenset({"R", "AL"})


@cache
def locale_of(language: str) -> Locale:
    return Locale.parse(FORMATS[language])


def moment(at: float, zone: str) -> datetime:
    return datetime.fromtimestamp(at, ZoneInfo(zone))


def decimal(number: float, language: str) -> str:
    """1,234.5 or 1.234,5."""
    return numbers.format_decimal(number, locale=locale_of(language))


def percent(share: float, language: str) -> str:
    return numbers.format_percent(share, locale=locale_of(language))


def megabytes(size: float, language: str) -> str:
    return units.format_unit(round(size / MEGABYTE), "digital-megabyte", length="short", locale=locale_of(language))


def seconds(span: float, language: str) -> str:
    """8 secs or 8 Sek., however many."""
    return units.format_unit(round(span), "duration-second", length="short", locale=locale_of(language))


def in_units(span: float, language: str) -> str:
    """8 secs, 1 min 8 secs, 2 hrs 5 mins: what people say, nothing that is zero."""
    whole = round(span)
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    parts = (("hour", hours), ("minute", minutes), ("second", 0 if hours else rest))
    said = [
        units.format_unit(number, f"duration-{unit}", length="short", locale=locale_of(language))
        for unit, number in parts
        if number
    ]
    return " ".join(said) or seconds(0, language)


def about(span: float, language: str) -> str:
    """3 days or 3 Tage: the largest unit alone."""
    return dates.format_timedelta(timedelta(seconds=span), threshold=2, locale=locale_of(language))


def ago(span: float, language: str) -> str:
    """3 days ago or vor 3 Tagen."""
    back = timedelta(seconds=-max(1.0, span))
    return dates.format_timedelta(back, threshold=2, add_direction=True, locale=locale_of(language))


def as_clock(span: float) -> str:
    """3:07, or 1:02:03 from an hour on: for columns, where clocks that run look the same."""
    minutes, rest = divmod(round(span), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def isolated(value: object) -> object:
    """A text from right to left leaves the order of what stands around it alone, above all of numbers."""
    if not isinstance(value, str) or value.isascii() or not any(bidirectional(sign) in _TO_THE_LEFT for sign in value):
        return value
    return type(value)(f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}")


def day(when: date, language: str) -> str:
    return dates.format_date(when, "medium", locale=locale_of(language))


def short_day(when: datetime, language: str) -> str:
    """Mon 3 Nov or Mo., 3. Nov."""
    return dates.format_skeleton("MMMEd", when, locale=locale_of(language))


def shortest_day(when: date, language: str) -> str:
    """Mon 03/11 or Mo., 3.11."""
    return dates.format_skeleton("MEd", datetime(when.year, when.month, when.day), locale=locale_of(language))  # noqa: DTZ001 - a day is the same everywhere


def weekday(number: int, language: str) -> str:
    """Mon or Mo.; Monday is 0."""
    return str(dates.get_day_names("abbreviated", context="stand-alone", locale=locale_of(language))[number])


def clock(when: datetime, language: str) -> str:
    return dates.format_time(when, "short", locale=locale_of(language))


def exact_clock(when: datetime, language: str) -> str:
    return dates.format_time(when, "medium", locale=locale_of(language))


@lru_cache(maxsize=16_384)
def number_as_read(number: str) -> str:
    """A number as people read it: +49 30 1234567. What is none is shown as it is; nothing for a withheld one."""
    if number.lower() == "anonymous":
        return ""
    digits = number.removeprefix("+")
    if not digits.isdigit() or len(digits) <= 5 or digits.startswith("0"):  # noqa: PLR2004 - up to five: an extension
        return number
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
