"""Which language somebody is spoken to in: what a browser asks for, what the environment of a command says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from babel import negotiate_locale

LANGUAGES = ("en", "de")  # a catalogue for each but the first, which is what the code is written in
SOURCE = LANGUAGES[0]
FORMATS = {"en": "en_GB", "de": "de_DE"}  # telephones in Europe: days before months, and 24 hours
NAMES = {"en": "English", "de": "Deutsch"}


def language_asked_for(accept_language: str) -> str:
    """Of ours the one a browser likes best, by its header; English where it names none."""
    weighted = [_weighted(part) for part in accept_language.split(",")]
    wanted = sorted((each for each in weighted if each[0] > 0), key=lambda each: -each[0])
    return _first_of_ours((name for _, name in wanted), sep="-")


def language_of_locale(locale: str) -> str:
    """Of a name such as de-at or de_AT.UTF-8."""
    return _first_of_ours([locale.partition(".")[0].partition("@")[0].replace("-", "_")], sep="_")


def language_of_environment(environ: Mapping[str, str]) -> str:
    """As gettext reads it: LANGUAGE counts only where a locale is set at all."""
    locale = next(filter(None, map(environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "C")
    if locale.partition(".")[0] in {"C", "POSIX"}:
        return SOURCE
    wanted = [*filter(None, environ.get("LANGUAGE", "").split(":")), locale]
    return _first_of_ours((name.partition(".")[0].partition("@")[0] for name in wanted), sep="_")


def _first_of_ours(wanted: Iterable[str], *, sep: str) -> str:
    return negotiate_locale([name.lower() for name in wanted], LANGUAGES, sep=sep) or SOURCE


def _weighted(part: str) -> tuple[float, str]:
    name, _, parameter = part.partition(";")
    try:
        return float(parameter.strip().removeprefix("q=") or 1), name.strip()
    except ValueError:
        return 0.0, name
