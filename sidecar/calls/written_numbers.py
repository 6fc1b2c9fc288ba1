"""The phone numbers in a free-text field of a person, as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from sidecar.calls.trunk_zero import readings_of_zero_in_brackets

SHORTEST = 6  # digits below which nothing is tried as a number of its own
BEYOND_DOUBT = 9  # digits from which a number with its prefix is believed even if phonenumbers does not know it
LONGEST_TEXT = 2000  # of a field
LONGEST_NUMBER = 20  # digits

_TAIL = r"(?=\s*(?:[,;\n|]|$))"
_SEPARATE_EXTENSION = re.compile(
    r"""\s*(?: ;\s*ext= | \(?\bext(?:ension|n)?\b[.:]* | \(?\bx\b[.:]* | (?<=[\d)])\s*\(?x(?=\s*\d) | \#
        | \b(?:int(?:erno)?|poste|toestel|tst|app(?:arat)?|nst|nebenst(?:elle)?)\b[.:]* )\s*\d{1,7}\)?
      | \s*[;,]\s*\d{1,4}"""
    + _TAIL,
    re.IGNORECASE | re.VERBOSE,
)
_DIRECT_DIAL = re.compile(r"[\s,]*\(?-?\b(?:dw|durchwahl|kl|klappe)\b[.:\s]*-?\s*(\d{1,5})\)?", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;\n\r|]|[^\W\d_]+[.:]*|\s[&]\s")
_NO_NUMBER = re.compile(r"\S*@\S*|\S*://\S*|\b[^\W\d_]*\d+[^\W\d_]+\d\w*")  # e-mails, addresses, SIP ids
_DATE = re.compile(r"(19|20)\d\d[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./](19|20)\d\d")
_ALTERNATIVE_END = re.compile(r"\s*/\s*\d{1,2}$")  # 030 1234567/68
_TRAILING_EXTENSION = re.compile(r"\s*[-\u2010-\u2015]\s*\d{1,5}$")
_BREAKS = re.compile(r"[\s/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    e164: str  # +49301234567
    written: str  # 030/1234567


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    found: tuple[FoundNumber, ...] = ()  # each once, in the order of the text
    unreadable: tuple[str, ...] = ()  # pieces with digits that are no phone number


@lru_cache(maxsize=4096)
def numbers_in(text: str, country: str) -> Numbers:
    """Every phone number in a text, national ones read as `country` (an ISO code).

    Commas, semicolons, line ends, words and " / " separate numbers; two valid numbers with only a blank between them
    are two. An extension written as a direct dial (`-12`, `DW 12`) belongs to the number where the numbering plan has
    room for it, as in Germany and Austria: that is the number such a telephone shows. Written apart (`ext. 12`, `x12`,
    `;12`) it belongs to a telephone system behind the main number and is left out, as in `030 1234567/68` the second.
    """
    found: dict[str, FoundNumber] = {}
    text, unreadable = _without_other_codes(text[:LONGEST_TEXT])
    for piece in _pieces(text):
        numbers = _read(piece, country)
        for e164 in numbers:
            found.setdefault(e164, FoundNumber(e164=e164, written=piece))
        if not numbers:
            unreadable.append(piece)
    return Numbers(found=tuple(found.values()), unreadable=tuple(unreadable))


def _without_other_codes(text: str) -> tuple[str, list[str]]:
    """The text without its extensions, e-mails and the like; and those of them that are worth a look."""
    text = _SEPARATE_EXTENSION.sub(",", _DIRECT_DIAL.sub(r"-\1", text))
    codes = [code for code in _NO_NUMBER.findall(text) if any(character.isdigit() for character in code)]
    return _NO_NUMBER.sub(",", text), codes


def _pieces(text: str) -> Iterator[str]:
    for part in _SEPARATORS.split(text):
        piece = part.strip(" \t.:-_*'\"!/\xa0").rstrip("( ")
        if any(character.isdigit() for character in piece):
            yield piece


def _read(piece: str, country: str) -> tuple[str, ...]:
    if _DATE.fullmatch(piece):
        return ()
    without_alternative = _valid(_ALTERNATIVE_END.sub("", piece), country)
    whole = without_alternative or _valid(piece, country)
    if whole:
        return (whole,)
    return _read_glued(piece, country) or _read_leniently(piece, country)


@lru_cache(maxsize=1024)  # the same rest is reached on many ways
def _read_glued(piece: str, country: str) -> tuple[str, ...]:
    """Several numbers with nothing but blanks or slashes between them; all of the piece has to be valid numbers."""
    for gap in _BREAKS.finditer(piece):
        if _digit_count(piece[: gap.start()]) > LONGEST_NUMBER:
            break
        first, rest = _valid(piece[: gap.start()], country), piece[gap.end() :]
        if first and (others := _whole_or_glued(rest, country)):
            return (first, *others)
    return ()


def _whole_or_glued(piece: str, country: str) -> tuple[str, ...]:
    whole = _valid(piece, country)
    return (whole,) if whole else _read_glued(piece, country)


def _read_leniently(piece: str, country: str) -> tuple[str, ...]:
    shorter = _valid(_TRAILING_EXTENSION.sub("", piece), country)
    if shorter:
        return (shorter,)
    if not piece.startswith(("+", "0", "(0")) or _digit_count(piece) < BEYOND_DOUBT:
        return ()
    number = _parsed(next(_readings(piece, country)), country)
    return (_e164(number),) if number and phonenumbers.is_possible_number(number) else ()


def _valid(text: str, country: str) -> str | None:
    if not SHORTEST <= _digit_count(text) <= LONGEST_NUMBER:
        return None
    for reading in _readings(text.strip(), country):
        number = _parsed(reading, country)
        if number and phonenumbers.is_valid_number(number):
            return _e164(number)
    return None


def _readings(text: str, country: str) -> Iterator[str]:
    """What the text may mean, the likeliest first: without + or 0 it may lack either."""
    digits = re.sub(r"\D", "", text)
    if text.lstrip("( ").startswith("+") or digits.startswith("00"):
        for reading in readings_of_zero_in_brackets(text):
            yield "+" + re.sub(r"\D", "", reading).removeprefix("00")
        yield "+" + digits.removeprefix("00")
        return
    if digits.startswith("0"):
        yield text
        return
    international = "+" + digits
    if digits.startswith(str(phonenumbers.country_code_for_region(country))):
        yield international
    yield from (text, international) if _reads_best_as_national(text, country) else (international, text)


def _reads_best_as_national(text: str, country: str) -> bool:
    """Without its leading 0 a number may be taken for a foreign one; mobile numbers are told apart best."""
    if phonenumbers.ndd_prefix_for_region(country, strip_non_digits=True) != "0":
        return True
    number = _parsed(text, country)
    return number is not None and phonenumbers.number_type(number) == PhoneNumberType.MOBILE


def _digit_count(text: str) -> int:
    return sum(character.isdigit() for character in text)


def _parsed(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
