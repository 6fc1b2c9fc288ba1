"""Where a number goes in a customer's record, and how it comes out again."""

from __future__ import annotations

import pytest

from sidecar.calls.numbers.placing import with_number, without_number

LANDLINE, MOBILE = "49301234567", "491712345678"
TABLE = [
    (LANDLINE, {}, {"phone": "+49 30 1234567"}),
    (MOBILE, {}, {"mobile": "+49 171 2345678"}),
    (LANDLINE, {"phone": "030 999888"}, {"cti_more_numbers": "+49 30 1234567"}),
    (MOBILE, {"mobile": "0172 1", "cti_more_numbers": "030 5"}, {"cti_more_numbers": "030 5, +49 171 2345678"}),
    (LANDLINE, {"phone": "030/1234567"}, {}),
    (MOBILE, {"cti_more_numbers": "030 5\n0171 2345678"}, {}),
]


@pytest.mark.parametrize(("digits", "fields", "changes"), TABLE)
def test_a_number_goes_where_there_is_room(digits: str, fields: dict[str, str], changes: dict[str, str]) -> None:
    assert with_number(fields, digits, "DE") == changes


@pytest.mark.parametrize(("digits", "fields", "changes"), TABLE)
def test_what_was_put_in_comes_out_again(digits: str, fields: dict[str, str], changes: dict[str, str]) -> None:
    now = {**fields, **changes}
    left = {**now, **without_number(now, digits, "DE")}
    assert not any(digits in with_it for with_it in left.values())
    assert with_number(left, digits, "DE") != {}
