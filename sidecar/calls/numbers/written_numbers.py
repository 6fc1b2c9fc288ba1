"""The phone numbers in a free-text field of a person, as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sidecar.calls.numbers.layout import LAYOUT, digits_of, plain, with_ascii_digits
from sidecar.calls.numbers.numbering_plans import plausible_length
from sidecar.calls.numbers.readings import Reading, extensions_behind, has_lone_zero, possible_as_written, reading_of

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
_SEPARATORS = re.compile(r"[,;\n\r|]|[^\W\d_]+[.:]*|\s[&]\s|(?<=\d)\s*(?=\+)")
_NO_NUMBER = re.compile(r"\S*@\S*|\S*://\S*|\b[^\W\d_]*\d+[^\W\d_]+\d\w*")  # e-mails, addresses, SIP ids
_MISTYPED = re.compile(rf"[+(]*\b[\dOoIl]*(?:\d[OoIl]|[OoIl]\d)[\dOoIl]*(?:[{LAYOUT}]+[\dOoIl]*\d[\dOoIl]*)+(?!\w)")
_DATE = re.compile(r"(19|20)\d\d[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./](19|20)\d\d")
_ALTERNATIVE_END = re.compile(r"\s*[/~]\s*\d{1,2}$")  # 030 1234567/68
_TRAILING_EXTENSION = re.compile(r"\s*-\s*\d{1,5}$")
_BREAKS = re.compile(r"[\s/]+")
_OUTSIDE = re.compile(r"^[^\d+(\[]+|[^\d)\]]+$")
_ODD = re.compile(rf"[^\d+{LAYOUT}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    e164: str  # +49301234567
    written: str  # 030/1234567
    doubtful: bool = False  # one of several readings, or of one that nothing speaks for
    head: str = ""  # of 030/23125-0 what is before the 0, +493023125: behind it are extensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    found: tuple[FoundNumber, ...] = ()  # each once, in the order of the text
    unreadable: tuple[str, ...] = ()  # pieces with digits that are no phone number


@lru_cache(maxsize=4096)
def numbers_in(text: str, country: str, area_code: str = "") -> Numbers:
    """Every phone number in a text, national ones read as `country` (an ISO code), shorter ones as of the area.

    Commas, semicolons, line ends, words and " / " separate numbers; two valid numbers with only a blank between them
    are two. An extension written as a direct dial (`-12`, `DW 12`) belongs to the number where the numbering plan has
    room for it, as in Germany and Austria: that is the number such a telephone shows. Written apart (`ext. 12`, `x12`,
    `;12`) it belongs to a telephone system behind the main number and is left out, as in `030 1234567/68` the second.
    """
    found: dict[str, FoundNumber] = {}
    text, unreadable = _without_other_codes(with_ascii_digits(plain(text[:LONGEST_TEXT])))
    reader = _Reader(country=country, area_code=area_code)
    for piece in _pieces(text):
        readings = reader.read(piece)
        for number in _found(readings, piece):
            if number.e164 not in found or found[number.e164].doubtful:
                found[number.e164] = number
        if not readings:
            unreadable.append(piece)
    return Numbers(found=tuple(found.values()), unreadable=tuple(unreadable))


def _found(readings: tuple[Reading, ...], written: str) -> Iterator[FoundNumber]:
    for reading in readings:
        for e164 in reading.numbers:
            head = extensions_behind(written, e164) if reading.certain else ""
            yield FoundNumber(e164=e164, written=written, doubtful=not reading.certain, head=head)


def _without_other_codes(text: str) -> tuple[str, list[str]]:
    """The text without its extensions, e-mails and the like; and those of them that are worth a look."""
    text = _SEPARATE_EXTENSION.sub(",", _DIRECT_DIAL.sub(r"-\1", text))
    codes = []
    for kind in (_NO_NUMBER, _MISTYPED):
        codes += [code for code in (match[0] for match in kind.finditer(text)) if digits_of(code)]
        text = kind.sub(",", text)
    return text, codes


def _pieces(text: str) -> Iterator[str]:
    for part in _SEPARATORS.split(text):
        piece = _OUTSIDE.sub("", part)
        if digits_of(piece):
            yield piece


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Where we are, and so what a piece of text means."""

    country: str
    area_code: str

    def read(self, piece: str) -> tuple[Reading, ...]:
        """One for each number in it."""
        first = _ALTERNATIVE_END.sub("", piece)
        if _DATE.fullmatch(piece) or _ODD.search(first):
            return ()
        whole = self._with_or_without_end(first, piece)
        if whole or has_lone_zero(piece):
            return (whole,) if whole else ()
        return _glued(piece, self) or self._leniently(piece)

    def _with_or_without_end(self, first: str, piece: str) -> Reading | None:
        """In `030 12345/67` the end may be that of a second number, or of this one."""
        one, all_of_it = self.number(first), self.number(piece)
        if first == piece or one is None or all_of_it is None:
            return one or all_of_it
        longer = [number for number in all_of_it.numbers if plausible_length(number, self.country)]
        return Reading(numbers=tuple(dict.fromkeys((*one.numbers, *longer)))) if longer else one

    def number(self, text: str) -> Reading | None:
        if not SHORTEST <= len(digits_of(text)) <= LONGEST_NUMBER:
            return None
        reading = reading_of(text, self.country, self.area_code)
        return reading if reading.numbers else None

    def certain(self, text: str) -> Reading | None:
        reading = self.number(text)
        return reading if reading and reading.certain else None

    def _leniently(self, piece: str) -> tuple[Reading, ...]:
        shorter = self.number(_TRAILING_EXTENSION.sub("", piece))
        if shorter:
            return (shorter,)
        if len(digits_of(piece)) < BEYOND_DOUBT:
            return ()
        believed = possible_as_written(piece, self.country)
        return (Reading(numbers=(believed,), certain=True),) if believed else ()


@lru_cache(maxsize=1024)  # the same rest is reached on many ways
def _glued(piece: str, reader: _Reader) -> tuple[Reading, ...]:
    """Several numbers with nothing but blanks or slashes between them; all of the piece has to be certain numbers."""
    for gap in _BREAKS.finditer(piece):
        if len(digits_of(piece[: gap.start()])) > LONGEST_NUMBER:
            break
        first, rest = reader.certain(piece[: gap.start()]), piece[gap.end() :]
        if first and (others := _whole_or_glued(rest, reader)):
            return (first, *others)
    return ()


def _whole_or_glued(piece: str, reader: _Reader) -> tuple[Reading, ...]:
    whole = reader.certain(piece)
    return (whole,) if whole else _glued(piece, reader)
