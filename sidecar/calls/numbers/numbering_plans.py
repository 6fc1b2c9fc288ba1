"""What phonenumbers knows of a country's numbers, and where practice is narrower than that."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from sidecar.calls.numbers.layout import digits_of, plain

LONGEST_IN_PRACTICE = {"DE": 11}  # digits without the 0 (Bundesnetzagentur); phonenumbers believes in up to 15
SHORTEST_AREA_CODE = 2  # digits
_SUBSCRIBERS = tuple(f"{first}45678901"[:length] for length in range(5, 10) for first in "23456789")


def parsed(text: str, country: str | None = None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None


def e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def valid(text: str, country: str | None = None) -> str | None:
    """The E.164 number with plus, if there can be such a one."""
    number = parsed(text, country)
    return e164(number) if number and phonenumbers.is_valid_number(number) else None


def possible(text: str, country: str | None = None) -> str | None:
    """The same of a number that at least is as long as there are."""
    number = parsed(text, country)
    return e164(number) if number and phonenumbers.is_possible_number(number) else None


def is_mobile(number: str) -> bool:
    """Of an E.164 number; also where mobile numbers are like others, as in America."""
    read = parsed(number)
    kinds = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return read is not None and phonenumbers.number_type(read) in kinds


def is_landline(number: str) -> bool:
    read = parsed(number)
    return read is not None and phonenumbers.number_type(read) == PhoneNumberType.FIXED_LINE


def calling_code(country: str) -> str:
    return str(phonenumbers.country_code_for_region(country))


def begins_with_country(digits: str) -> bool:
    """Whether E.164 digits begin with a calling code that some country has."""
    return any(int(digits[:length] or 0) in COUNTRY_CODE_TO_REGION_CODE for length in (1, 2, 3))


@lru_cache(maxsize=256)
def has_trunk_zero(country: str) -> bool:
    """Whether national numbers are dialled with a 0 before them that is no part of them."""
    return phonenumbers.ndd_prefix_for_region(country, strip_non_digits=True) == "0"


def dialled_alike(number: str, digits: str, country: str) -> str | None:
    """Another number of this country that is dialled with the same 0 before it, as in Gabon."""
    other = parsed(f"+{calling_code(country)}{digits[1:]}")
    if other is None or e164(other) == number or not phonenumbers.is_valid_number(other):
        return None
    dialled = digits_of(phonenumbers.format_number(other, PhoneNumberFormat.NATIONAL))
    return e164(other) if dialled == digits else None


def national_length(number: str, country: str) -> int:
    """How many digits an E.164 number of this country has without its code."""
    return len(number) - len(f"+{calling_code(country)}")


def plausible_length(number: str, country: str) -> bool:
    return national_length(number, country) <= LONGEST_IN_PRACTICE.get(country, 99)


@lru_cache(maxsize=256)
def longest_mobile(country: str) -> int:
    """Digits without country code and trunk 0."""
    return max(_lengths(country, PhoneNumberType.MOBILE), default=99)


def has_room_for_area_code(digits: str, country: str) -> bool:
    """Whether landlines there may be longer by an area code: these digits may be all but that."""
    longest = max(_lengths(country, PhoneNumberType.FIXED_LINE), default=0)
    return len(digits) + SHORTEST_AREA_CODE <= longest


@lru_cache(maxsize=1024)
def begins_as_mobile(beginning: str, country: str) -> bool:
    """Whether there are mobile numbers with these first two digits: blocks that are not given out yet count, too."""
    code = calling_code(country)
    for length in _lengths(country, PhoneNumberType.MOBILE):
        for filling in "0123456789":
            number = parsed(f"+{code}{beginning.ljust(length, filling)}")
            if number and phonenumbers.number_type(number) == PhoneNumberType.MOBILE:
                return True
    return False


@lru_cache(maxsize=1024)
def _lengths(country: str, kind: int) -> tuple[int, ...]:
    metadata = PhoneMetadata.metadata_for_region(country)
    if metadata is None:
        return ()
    of_kind = metadata.fixed_line if kind == PhoneNumberType.FIXED_LINE else metadata.mobile
    lengths = [each.possible_length for each in (of_kind, metadata.general_desc) if each and each.possible_length]
    return tuple(length for length in (lengths[0] if lengths else ()) if length > 0)


def area_code_in(written: str, country: str) -> str | None:
    """The area code of this country as it stands behind the country code; None where there is no such area."""
    digits = digits_of(plain(written))
    forms = dict.fromkeys((digits, digits.removeprefix("0"), f"0{digits}"))
    return next((form for form in forms if form and _is_area_code(form, country)), None)


def area_codes_begin_with_zero(country: str) -> bool:
    """As people write them: with a trunk 0, or with one of their own, as in Italy."""
    example = phonenumbers.example_number_for_type(country, PhoneNumberType.FIXED_LINE)
    return has_trunk_zero(country) or bool(example and example.italian_leading_zero)


def _is_area_code(digits: str, country: str) -> bool:
    """Whether a landline with it is valid, of which it is the area code and nothing less or more."""
    for subscriber in _SUBSCRIBERS:
        written = f"+{calling_code(country)}{digits}{subscriber}"
        number = parsed(written)
        kinds = {PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
        if (
            number
            and e164(number) == written
            and phonenumbers.number_type(number) in kinds
            and phonenumbers.length_of_geographical_area_code(number) == len(digits)
        ):
            return True
    return False
