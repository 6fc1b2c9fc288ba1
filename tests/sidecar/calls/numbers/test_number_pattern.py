"""Rows as admins write them: patterns in any spelling, and what is refused with what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.numbers.number_pattern import NumberPattern, pattern_in
from sidecar.calls.reasons import Reason
from tests.sentences import said
from tests.sidecar.calls.numbers.valid_numbers import REGIONS, e164, forms_from_abroad, laid_out, valid_numbers


@pytest.mark.parametrize(
    ("written", "text", "literal_prefix"),
    [
        ("4989*", "4989*", "4989"),
        ("+49 89*", "4989*", "4989"),
        ("0049 89*", "4989*", "4989"),
        ("089/*", "4989*", "4989"),
        ("(089) *", "4989*", "4989"),
        ("+49 (0)89*", "4989*", "4989"),
        ("(0)89*", "4989*", "4989"),
        ("+49 0171*", "49171*", "49171"),
        ("0049 0171*", "49171*", "49171"),
        ("490171*", "49171*", "49171"),
        ("490*", "490*", "490"),  # not everybody in Germany
        ("+39 (0)6*", "3906*", "3906"),
        ("+39 06*", "3906*", "3906"),
        ("+48 (0)22*", "4822*", "4822"),
        ("+36 (0)1*", "361*", "361"),
        ("+999 01*", "99901*", "99901"),
        ("49171??5*", "49171??5*", "49171"),
        ("**", "*", ""),
        ("*", "*", ""),
        ("030/1234567", "49301234567", "49301234567"),
        ("anonymous", "anonymous", ""),
        ("ANONYMOUS", "anonymous", ""),
    ],
)
def test_a_pattern_is_understood_in_any_spelling(written: str, text: str, literal_prefix: str) -> None:
    pattern = NumberPattern.compile(written, "DE")
    assert pattern is not None
    assert (pattern.text, pattern.literal_prefix) == (text, literal_prefix)
    assert NumberPattern(text=text) == pattern


def refused(written: str, country: str = "DE") -> str:
    """Why, in words; nothing where it is understood."""
    read = pattern_in(written, country)
    return said(read) if isinstance(read, Reason) else ""


@pytest.mark.parametrize("written", ["", "+", "11", "abc", "call me", "*" * 50])
def test_what_is_no_pattern_is_told(written: str) -> None:
    assert NumberPattern.compile(written, "DE") is None
    assert refused(written) == "is neither a number nor a pattern"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("49x*", '"x" (LATIN SMALL LETTER X)'),
        ("+49 3O 1234567", '"O" (LATIN CAPITAL LETTER O)'),
        ("+49 3\u043e 1234567", '"\u043e" (CYRILLIC SMALL LETTER O)'),
        ("030 1234567\ufffd", '"\ufffd" (REPLACEMENT CHARACTER)'),
        ("030 1234567 % ", '"%" (PERCENT SIGN)'),
        ("!49*", '"!" (EXCLAMATION MARK)'),
    ],
)
def test_what_no_pattern_has_is_called_by_its_name(written: str, name: str) -> None:
    assert f"because of {name}" in refused(written)


@pytest.mark.parametrize("written", ["00*", "+*", "00 *", "+ **", "00??*", "(00)*", "00???????"])
def test_abroad_is_nobodys_pattern_and_the_countries_are_asked_for(written: str) -> None:
    assert "such as 43* and 41*" in refused(written)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("+49[23]*", "regular expression"),
        ("+49 30 2312501[1-9]", "regular expression"),
        ("^49.*", "regular expression"),
        ("49.*$", "regular expression"),
        (r"\d+", "regular expression"),
        (r"49\d*", "regular expression"),
        ("(49)?30*", "regular expression"),
        ("(030|040)*", "regular expression"),
        ("0301234567|0301234568", "regular expression"),
        ("49{2}*", "regular expression"),
        ("0900.+", "regular expression"),
        ("030 2312501-19", "a range, +49 30 2312501 to +49 30 2312519"),
        ("030 2312501 \u2013 19", "a range, +49 30 2312501 to +49 30 2312519"),
        ("030 2312501-2519", "a range, +49 30 2312501 to +49 30 2312519"),
        ("030 2312501-2312519", "a range, +49 30 2312501 to +49 30 2312519"),
        ("+49 30 23125-30", "a range, +49 30 23125 to +49 30 23130"),
        ("030 2312501-030 2312519", "a range"),
        ("030 2312501 bis 030 2312519", "a range"),
        ("030 2312501 bis 19", "a range"),
        ("030 2312501..19", "a range"),
        ("030 2312501~19", "a range"),
        ("+49 30-39*", "a range"),
        ("0151-0159*", "a range"),
        ("4930-4939*", "a range"),
        ("030 23125011/12", "+49 30 23125011 and +49 30 23125012"),
        ("030 23125011 / 2", "+49 30 23125011 and +49 30 23125012"),
        ("+49 30 23125011/12", "+49 30 23125011 and +49 30 23125012"),
        ("030 1234567, 030 1234568", "more than one number"),
        ("030 1234567; 0171 2345678", "more than one number"),
        ("030 1234567 / 0171 2345678", "more than one number"),
        ("030 1234567 0171 2345678", "more than one number"),
        ("+49301234567 +491712345678", "more than one number"),
        ("+49301234567+491712345678", "more than one number"),
        ("030 1234567\n0171 2345678", "more than one number"),
        ("49* 43*", "more than one number"),
        ("49*, 43*", "more than one number"),
        ("49*/43*", "more than one number"),
        ("030 23125011 12", "at most 11"),
        ("030/23125-", "write * for the rest, 030/23125*"),
        ("030 23125\u2026", "write * for the rest, 030 23125*"),
        ("030 23125__", "write * for the rest, 030 23125*"),
        ("2??", "shorter than any number"),
        ("0 030*", "outside line"),
        ("0 0151 23456789", "outside line"),
    ],
)
def test_what_means_several_numbers_is_refused_and_how_to_write_it_is_told(written: str, why: str) -> None:
    assert why in refused(written)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("030/23125-*", "493023125*"),
        ("030/23125-0", "4930231250"),  # a block of extensions only where people write their numbers
        ("030/23125-12", "49302312512"),
        ("030/1234-12", "4930123412"),
        ("030/1234567", "49301234567"),
        ("030-1234567", "49301234567"),
        ("030-1234-5678", "493012345678"),
        ("+49-30-1234567", "49301234567"),
        ("0171-2345678", "491712345678"),
        ("0171/23456-78", "491712345678"),
        ("0171/2345/678", "491712345678"),
        ("044-668-18-00", "49446681800"),
        ("030 12 34 56 7", "49301234567"),
        ("4930123456789012", "4930123456789012"),  # as sipgate has sent it
        ("0180-5*", "491805*"),
        ("0900-1*", "499001*"),
        ("030-123*", "4930123*"),
        ("49.*", "49*"),
        ("0 030 1234567", "49301234567"),
        ("+39 6 12345678", "390612345678"),
        ("+39 6*", "3906*"),
        ("+39 0347*", "39347*"),
        ("+39 347*", "39347*"),
        ("+420 0221*", "420221*"),
        ("+352 026*", "35226*"),
        ("+49 1520 ???????", "491520???????"),
        ("030 1234567,", "49301234567"),
        ('"030 1234567"', "49301234567"),
    ],
)
def test_what_only_looks_like_several_numbers_is_one(written: str, text: str) -> None:
    pattern = NumberPattern.compile(written, "DE")
    assert pattern is not None
    assert pattern.text == text


@given(st.data())
def test_a_number_in_a_row_is_that_number_or_refused(data: st.DataObject) -> None:
    country = data.draw(st.sampled_from(REGIONS))
    number = data.draw(valid_numbers())
    written = data.draw(laid_out(data.draw(st.sampled_from(forms_from_abroad(number)))))
    pattern = NumberPattern.compile(written, country)
    assert pattern is None or pattern.text == e164(number).removeprefix("+"), written


@pytest.mark.parametrize(("text", "everybody"), [("*", True), ("?*", True), ("????????", False), ("4*", False)])
def test_a_pattern_of_wildcards_matches_every_number(text: str, *, everybody: bool) -> None:
    assert NumberPattern(text=text).matches_every_number is everybody


@pytest.mark.parametrize(
    ("pattern", "digits", "fits"),
    [
        ("4989*", "4989", True),
        ("4989*", "498912345", True),
        ("4989*", "49891a", False),
        ("4989?", "49891", True),
        ("4989?", "4989", False),
        ("4989?", "498912", False),
        ("*5", "49305", True),
        ("*", "49305", True),
        ("*", "", False),
        ("*", "anonymous", False),
        ("anonymous", "", True),
        ("anonymous", "anonymous", True),
        ("anonymous", "4930", False),
        ("49301234567", "49301234567", True),
        ("49301234567", "493012345678", False),
    ],
)
def test_a_star_is_any_digits_and_a_question_mark_exactly_one(pattern: str, digits: str, *, fits: bool) -> None:
    assert NumberPattern(text=pattern).matches(digits) is fits
