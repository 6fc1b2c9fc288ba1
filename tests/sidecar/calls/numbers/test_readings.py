"""What a number written with or without its prefixes may mean: certain, several readings, or nothing.

Shown by zammad/zammad 497 (no country or area code), xdtianyu/CallerInfo 27 (the country's own code with and without
plus), juha-h/baresip-studio 247 (national and international spellings of one number).
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.numbers.numbers import e164_digits
from sidecar.calls.numbers.written_numbers import numbers_in
from tests.sidecar.calls.numbers.valid_numbers import (
    REGIONS,
    e164,
    forms_at_home,
    forms_from_abroad,
    laid_out,
    valid_numbers,
)

# Country, what is written, what it certainly is; or "perhaps" and all it may be; or nothing.
READINGS = """
DE 4915201234567 = +4915201234567
DE 49 152 01234567 = +4915201234567
DE (49) 152 01234567 = +4915201234567
DE 49/152/01234567 = +4915201234567
DE 49-171-2345678 = +491712345678
DE 49 (0)171 2345678 = +491712345678
DE 49 0171 2345678 = +491712345678
DE 491711234567890 = +491711234567890
DE 49 800 1234567 = +498001234567
DE 49 180 5123456 = +491805123456
DE 49 32 221234567 = +4932221234567
DE 49 32 211234567 = +4932211234567
DE 49 30 12345678 = +493012345678
DE 49 711 1234567 = +497111234567
DE 49 2332 554412 = +492332554412
AT 43 664 1234567 = +436641234567
AT 43 800 123456 = +43800123456
AT 43 720 123456 = +43720123456
CH 41 79 123 45 67 = +41791234567
CH 41 800 123 456 = +41800123456
LU 352 621 123 456 = +352621123456
LU 352 26 12 34 56 = +35226123456
LU 26 12 34 56 = +35226123456
LI 423 235 12 34 = +4232351234
LI 235 12 34 = +4232351234
BE 32 475 12 34 56 = +32475123456
FR 33 6 12 34 56 78 = +33612345678
IT 39 347 123 4567 = +393471234567
US 1 212 555 1234 = +12125551234
DE 171 2345678 = +491712345678
DE 30 12345678 = +493012345678
DE 49 152 123456 = perhaps +4949152123456 +49152123456
DE 49 211 123456 = perhaps +4949211123456 +49211123456
DE 33 1 23 45 67 89 = perhaps +4933123456789 +33123456789
DE 43 1 5330000 = perhaps +494315330000 +4315330000
DE 231 25011 = perhaps +4923125011
DE 998877 =
DE 030 12345/67 = perhaps +493012345 +49301234567
DE 030 1234567/68 = perhaps +49301234567 +4930123456768
DE 030 1234567 ~ 68 = perhaps +49301234567 +4930123456768
DE 0176 123456/78 = +4917612345678
DE 0176 1234567/8 = perhaps +491761234567 +4917612345678
DE 040 12345678/79 = +494012345678
AT 01 5330000/12 = perhaps +4315330000 +431533000012
DE 43 664 1234567 = +436641234567
DE 049 171 2345678 = perhaps +49491712345678 +491712345678
DE 049 30 1234567 = +49301234567
DE 0 030 1234567 = +49301234567
DE 0-030/1234567 = +49301234567
DE (0) 030 1234567 = +49301234567
DE 0/0171/2345678 = +491712345678
DE 0 (030) 1234567 = +49301234567
DE 0 0049 30 1234567 = +49301234567
DE 0 0 30 1234567 = +49301234567
DE 0 0 49 30 1234567 = +49301234567
DE 0 0151 23456789 =
DE 0-0431/5330000 =
IT 0 06 12345678 = +390612345678
DE +39 6 12345678 = +390612345678
DE 0039 6 12345678 = +390612345678
DE +39 0347 1234567 = +393471234567
IT 39 6 12345678 = +390612345678
IT 0347 1234567 = +393471234567
DE +378 886377 = +3780549886377
DE +39 6 69812345 = +390669812345
DE +420 0221 234 567 = +420221234567
DE +352 0 26 12 34 56 = +35226123456
DE +36 01 234 5678 = +3612345678
DE +48 022 123 45 67 = +48221234567
DE +49 030 1234567 = +49301234567
DE +39 06 12345678 = +390612345678
DE 03O 1234567 =
DE +49 l71 2345678 =
DE 030 12?45?67 =
"""
ROWS = [line.partition(" = " if " = " in line else " =")[::2] for line in READINGS.strip().splitlines()]


@pytest.mark.parametrize(("written", "meant"), ROWS)
def test_what_is_written_is_certain_or_several_or_nothing(written: str, meant: str) -> None:
    country, text = written.split(" ", 1)
    found = numbers_in(text, country).found
    assert [number.e164 for number in found] == meant.removeprefix("perhaps ").split()
    assert [number.doubtful for number in found] == [meant.startswith("perhaps")] * len(found)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("23125011", "+493023125011"),
        ("231 25-011", "+493023125011"),
        ("998877", "+4930998877"),
        ("49 30 12345", "+493012345"),  # nine digits are not without an area code
        ("171 2345678", "+491712345678"),
        ("0171 2345678", "+491712345678"),
        ("+44 20 7946 0018", "+442079460018"),
    ],
)
def test_with_an_area_code_a_number_without_one_is_there(written: str, meant: str) -> None:
    found = numbers_in(written, "DE", "30").found
    assert [(number.e164, number.doubtful) for number in found] == [(meant, False)]


def test_random_mobile_numbers_with_the_country_code_and_no_plus_are_never_in_leer() -> None:
    chance = random.Random(7)
    for beginning in ("15", "16", "17"):
        for length in (8, 9, 10, 12):
            for _ in range(50):
                digits = f"49{beginning}" + "".join(chance.choices("0123456789", k=length))
                found = numbers_in(digits, "DE").found
                assert [(number.e164, number.doubtful) for number in found] == [(f"+{digits}", False)]


@given(st.data(), st.sampled_from(REGIONS))
def test_a_number_of_the_country_is_itself_or_several_or_nothing_however_it_is_written(
    data: st.DataObject, country: str
) -> None:
    number = data.draw(valid_numbers(country))
    written = data.draw(laid_out(data.draw(st.sampled_from(forms_at_home(number)))))
    certain = [found.e164 for found in numbers_in(written, country).found if not found.doubtful]
    assert certain in ([], [e164(number)]), written


@given(st.data(), st.sampled_from(REGIONS))
def test_a_foreign_number_with_its_country_code_is_itself_or_nothing(data: st.DataObject, country: str) -> None:
    number = data.draw(valid_numbers())
    written = data.draw(laid_out(data.draw(st.sampled_from(forms_from_abroad(number)))))
    certain = [found.e164 for found in numbers_in(written, country).found if not found.doubtful]
    assert certain in ([], [e164(number)]), written


@given(st.data(), st.sampled_from(REGIONS))
def test_a_hook_s_number_with_a_prefix_is_itself_or_nothing(data: st.DataObject, country: str) -> None:
    number = data.draw(valid_numbers())
    written = data.draw(laid_out(data.draw(st.sampled_from(forms_from_abroad(number)))))
    assert e164_digits(written, country) in (None, e164(number).removeprefix("+")), written
    digits = e164(number).removeprefix("+")
    assert e164_digits(digits, country) in (None, digits)
