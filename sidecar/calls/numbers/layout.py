"""What people put between the digits of a number, and the many characters that look like it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

LAYOUT = r"\s\-./()\[\]|_:'\"`\\·"  # what is left of it once it is `plain`, for a class of a pattern
# ruff: noqa: RUF001 - characters that are taken for each other are what this is about
_DASHES = "\u02d7\u2043\u2212\u2796"  # beside those that Unicode calls dashes
_SLASHES = "\u2044\u2215\u29f8\u2571"
_BACKSLASHES = "\u2216\u29f5\u29f9"
_DOTS = "•‣‧∙⋅⸱・･●▪◦"
_QUOTES = "´ʹʼˊˋ՚‘’‚‛′‵❛❜"
_DOUBLE_QUOTES = "«»ʺˮ“”„‟″‶〝〞〟❝❞"
_TILDES = "∼⁓〜"
_STARS = "∗⁎"
_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u20e3\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10)))

_ALIKE: dict[str, str] = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_SLASHES, "/"),
    **dict.fromkeys(_BACKSLASHES, "\\"),
    **dict.fromkeys(_DOTS, "·"),
    **dict.fromkeys(_QUOTES, "'"),
    **dict.fromkeys(_DOUBLE_QUOTES, '"'),
    **dict.fromkeys(_TILDES, "~"),
    **dict.fromkeys(_STARS, "*"),
    **dict.fromkeys(_INVISIBLE, ""),
}
_BY_CATEGORY = {"Zs": " ", "Zl": "\n", "Zp": "\n", "Cf": "", "Pd": "-"}
_WRITTEN = range(0x80, 0x20000)  # code points beyond ASCII among which all of this is
_LAYOUT = re.compile(f"[{LAYOUT}]+")
_ODD = re.compile(rf"[^0-9+*?{LAYOUT}]")


def plain(text: str) -> str:
    """The text with one character for all that look alike: blanks, dashes, slashes, dots, quotes, wide digits.

    Unicode's compatible forms (NFKC), but never a digit of what is more than one: ² stays as it is. What cannot be
    seen is left out.
    """
    return text if text.isascii() else "".join(map(_plain, text))


def _plain_of(character: str) -> str:
    if character.isascii():
        return character
    if (alike := _ALIKE.get(character)) is not None:
        return alike
    if (by_category := _BY_CATEGORY.get(unicodedata.category(character))) is not None:
        return by_category
    compatible = unicodedata.normalize("NFKC", character)
    if any(each.isdecimal() for each in compatible) and not character.isdecimal():
        return character
    return compatible


_plain = lru_cache(maxsize=4096)(_plain_of)


def with_ascii_digits(text: str) -> str:
    """The text with the digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


def compact(text: str) -> str:
    """Plain, without layout, a country code behind + and not behind 00."""
    written = _LAYOUT.sub("", plain(text))
    return f"+{written[2:]}" if written.startswith("00") else written


@lru_cache(maxsize=1)
def layout_as_written() -> str:
    """The same as `LAYOUT` of a text that is not `plain`."""
    layout = re.compile(f"[{LAYOUT}]*")
    return LAYOUT + "".join(each for each in map(chr, _WRITTEN) if layout.fullmatch(_plain_of(each)))


@lru_cache(maxsize=1)
def digits_as_written() -> Mapping[str, str]:
    """Each digit to itself in every script, for a class of a pattern."""
    found = {digit: digit for digit in "0123456789"}
    for each in filter(str.isdecimal, map(chr, _WRITTEN)):
        found[str(unicodedata.decimal(each))] += each
    return found


def digits_of(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def odd_characters(text: str) -> tuple[str, ...]:
    """What no number has, by name: `"O" (LATIN CAPITAL LETTER O)`; each once."""
    return tuple(f'"{each}" ({unicodedata.name(each, "no name")})' for each in dict.fromkeys(_ODD.findall(plain(text))))
