"""Valid numbers of every country that can be `phone.country`, and the many ways to lay them out."""

from __future__ import annotations

from functools import cache

import phonenumbers
from hypothesis import assume
from hypothesis import strategies as st
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from sidecar.calls.numbers.numbering_plans import LONGEST_IN_PRACTICE

KINDS = (
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.UAN,
)
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
# Between two digits. No comma or bar, which part numbers.
BETWEEN = (
    *(
        " ",
        "  ",
        "-",
        "/",
        " / ",
        "\u2044",
        ".",
        " - ",
        "\t",
        "\u00a0",
        "\u2009",
        "\u202f",
        "\u3000",
        "\u200b",
        "\u2060",
        "\ufeff",
    ),
    *("\u00ad", "\u200e", "\u202a", "\u2066", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212", "\uff0d", "\u00b7"),
    *("\u2022", "\u2027", "_", ":", "'", "\u2019", "\u00b4", "\u2060\u00a0", ". ", "\ufe0f"),
)
WIDE = str.maketrans("0123456789+", "".join(map(chr, range(0xFF10, 0xFF1A))) + "\uff0b")


@cache
def examples(region: str) -> tuple[PhoneNumber, ...]:
    found = (phonenumbers.example_number_for_type(region, kind) for kind in KINDS)
    return tuple(number for number in found if number)


def e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@st.composite
def valid_numbers(draw: st.DrawFn, region: str | None = None) -> PhoneNumber:
    """An example whose last digits are replaced; none that is longer than numbers of its country are in practice."""
    chosen = region or draw(st.sampled_from(REGIONS))
    example = draw(st.sampled_from(examples(chosen)))
    national = phonenumbers.national_significant_number(example)
    changed = draw(st.integers(min_value=0, max_value=len(national) - 2))
    digits = national[: len(national) - changed] + draw(
        st.text("0123456789", min_size=changed, max_size=changed + draw(st.integers(0, 2)))
    )
    number = phonenumbers.parse(f"+{example.country_code}{digits}")
    assume(phonenumbers.is_valid_number(number))
    assume(len(phonenumbers.national_significant_number(number)) <= LONGEST_IN_PRACTICE.get(chosen, 99))
    return number


def forms_from_abroad(number: PhoneNumber) -> list[str]:
    digits = e164(number).removeprefix("+")
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return [
        f"+{digits}",
        f"00{digits}",
        f"(+{number.country_code}) {digits.removeprefix(str(number.country_code))}",
        international,
    ]


def forms_at_home(number: PhoneNumber) -> list[str]:
    """Also without plus, and without the 0."""
    national = phonenumbers.national_significant_number(number)
    return [
        *forms_from_abroad(number),
        f"{number.country_code}{national}",
        f"{number.country_code} {national}",
        f"({number.country_code}) {national}",
        f"{number.country_code}/{national}",
        phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        national,
    ]


@st.composite
def laid_out(draw: st.DrawFn, form: str) -> str:
    """With anything between some of its digits, perhaps in wide ones."""
    rest = draw(st.lists(st.sampled_from(("",) * 3 + BETWEEN), min_size=len(form), max_size=len(form)))
    digits = [place for place, each in enumerate(form) if each.isdigit()]
    text = "".join(
        each + (between if place in digits[:-1] and place + 1 in digits else "")
        for place, (each, between) in enumerate(zip(form, rest, strict=True))
    )
    return text.translate(WIDE) if draw(st.booleans()) else text
