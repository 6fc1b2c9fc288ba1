"""Rows that mean what sipgate sends, or everybody abroad, and whom rows with wildcards spare.

Shown by arnonym/ha-plugins 45 (wildcards), 2600hz/kazoo 1811 (zeros in place of a number), sipgate/sipgate.io 102
(withheld numbers).
"""

from __future__ import annotations

from dataclasses import replace

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sidecar.calls.decide import decide
from sidecar.calls.numbers.known_numbers import KnownNumbers
from sidecar.calls.rules.block_list import marked_organization, marked_person
from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.events import Direction, NewCall
from tests.sentences import said
from tests.sidecar.calls.numbers.valid_numbers import e164, forms_from_abroad, laid_out, valid_numbers
from tests.sidecar.calls.rules.rule_settings import blocks, route, written_rules

KNOWN = KnownNumbers.of(["491715000000", "4315330000"])


@pytest.mark.parametrize(
    ("written", "caller"),
    [
        ("00000", "00000"),
        ("0", "0"),
        ("00000000", "00000000"),
        ("201", "201"),
        (" 201 ", "201"),
        ("\u200b201\u00a0", "201"),
        ("\uff12\uff10\uff11", "201"),
        ("1452406e0", "1452406e0"),
        ("1452406E0", "1452406e0"),
        ("1452406e0", "1452406E0"),
        ("0049", "0049"),
    ],
)
def test_what_sipgate_sends_that_is_no_number_is_blocked_by_writing_it(written: str, caller: str) -> None:
    rules = blocks(written)
    assert rules.warnings == ()
    assert rules.blocking(caller) is not None
    for other in ("49171500000", "000000", "2011", "1452406e1", "20", "anonymous", ""):
        assert rules.blocking(other) is None


@pytest.mark.parametrize("written", ["0000*", "201-203", "w0", "1452406e", "e0", "20a", "201x", "2 01", "20-1", "+201"])
def test_what_is_neither_a_number_nor_sent_so_is_refused(written: str) -> None:
    rules = blocks(written)
    assert len(rules.warnings) == 1 or rules.blocking("0000") is None
    for caller in ("201", "00000", "1452406e0", "491715000000"):
        assert rules.blocking(caller) is None


def test_an_extension_is_no_destination_of_a_routing_row() -> None:
    assert len(written_rules(routes=[route("201", "4930777")]).warnings) == 1


@pytest.mark.parametrize("written", ["abroad", "Abroad", "AUSLAND", " ausland "])
@pytest.mark.parametrize(
    ("caller", "blocked"),
    [
        ("4315330000", True),
        ("+43 1 5330000", True),
        ("0043 1 5330000", True),
        ("12125551234", True),
        ("491715000000", False),
        ("01715000000", False),
        ("anonymous", False),
        ("", False),
        ("1452406e0", False),
        ("201", False),
        ("00000", False),
        ("9991234567", False),  # of no country
    ],
)
def test_abroad_is_every_number_of_another_country(written: str, caller: str, *, blocked: bool) -> None:
    assert (blocks(written).blocking(caller) is not None) is blocked


def test_abroad_is_none_in_the_routing_table() -> None:
    rules = written_rules(routes=[route("abroad", "4930777")], default="493077")
    assert [said(warning.problem) for warning in rules.warnings] == [
        "the destination is neither a number nor a pattern"
    ]


def test_the_reason_is_the_row_as_it_is_written() -> None:
    for row, caller in (("Ausland", "4315330000"), ("00000", "00000"), ("1452406E0", "1452406e0")):
        rule = written_rules(block=[{"caller_id": row, "note": "spam"}]).blocking(caller)
        assert rule is not None
        assert said(rule.reason) == f"blocked: spam ({row})"


def sparing(rules: Rules) -> Rules:
    return replace(rules, known=KNOWN)


@pytest.mark.parametrize("written", ["49171*", "*", "49171500000?", "4917150000??", "49171?000000"])
def test_a_row_with_wildcards_spares_whoever_is_known(written: str) -> None:
    rules = blocks(written)
    assert rules.blocking("491715000000") is not None, "nobody was read yet"
    assert sparing(rules).blocking("491715000000") is None


def test_a_row_with_wildcards_blocks_everybody_else() -> None:
    rules = sparing(blocks("49171*"))
    assert rules.blocking("491715000001") is not None
    assert rules.blocking("4917150000001") is not None


def test_abroad_spares_whoever_is_known() -> None:
    rules = sparing(blocks("abroad"))
    assert rules.blocking("4315330000") is None
    assert rules.blocking("4315330001") is not None


def test_a_row_that_names_a_number_blocks_it_whoever_that_is() -> None:
    assert sparing(blocks("+49 171 5000000")).blocking("491715000000") is not None


def test_a_mark_in_zammad_blocks_whoever_is_known_and_whatever_a_blocked_organization_covers() -> None:
    for marked in (marked_person("491715000000", "Erika"), marked_organization("49171*", "Bakery")):
        rules = sparing(written_rules(block=[{"caller_id": "49*"}], blocked=[marked]))
        assert rules.blocking("491715000000") is not None


def test_the_decision_says_which_row_has_spared_the_caller() -> None:
    call = NewCall(call_id="1", direction=Direction.IN, caller="491715000000", callee="4930")
    decision = decide(call, sparing(written_rules(block=[{"caller_id": "49171*", "note": "spam"}])))
    assert said(decision.reason) == "known number, spared; for others: blocked: spam (49171*)"


def test_without_a_row_that_could_spare_anybody_nobody_has_to_be_known() -> None:
    assert not blocks("+49 171 5000000").block_list.spares
    assert not written_rules(blocked=[marked_organization("49171*", "Bakery")]).block_list.spares
    assert blocks("49171*").block_list.spares
    assert blocks("abroad").block_list.spares


@given(st.data())
def test_a_row_rejects_no_number_that_it_does_not_mean(data: st.DataObject) -> None:
    """Not the one that a spelling could be taken for either, nor one that is longer, shorter or beside it."""
    meant = data.draw(valid_numbers())
    digits = e164(meant).removeprefix("+")
    national = [f"0{phonenumbers.national_significant_number(meant)}"] if meant.country_code == 49 else []
    written = data.draw(laid_out(data.draw(st.sampled_from([*forms_from_abroad(meant), *national, digits]))))
    other = e164(data.draw(valid_numbers())).removeprefix("+")
    beside = data.draw(
        st.sampled_from((other, f"49{digits}", f"{digits}0", digits[:-1], f"49{digits[1:]}", digits[2:]))
    )
    assume(beside != digits)
    rules = blocks(written)
    assert rules.blocking(beside) is None, written
    assert rules.warnings or rules.blocking(digits) is not None, written


@given(st.data())
def test_a_row_with_a_star_means_what_begins_so_and_nothing_else(data: st.DataObject) -> None:
    meant = data.draw(valid_numbers("DE"))
    digits = e164(meant).removeprefix("+")
    beginning = digits[: data.draw(st.integers(4, len(digits)))]
    form = data.draw(st.sampled_from([f"+{beginning}", f"00{beginning}", beginning, f"0{beginning[2:]}"]))
    rules = blocks(f"{data.draw(laid_out(form))}*")
    other = e164(data.draw(valid_numbers())).removeprefix("+")
    for caller in (digits, other, f"49{digits}", beginning[:-1]):
        blocked = rules.blocking(caller) is not None
        assert blocked is (not rules.warnings and caller.startswith(beginning)), form


@given(st.data(), st.sampled_from(["abroad", "ausland"]))
def test_abroad_means_numbers_of_other_countries_alone(data: st.DataObject, row: str) -> None:
    number = data.draw(valid_numbers())
    blocked = blocks(row).blocking(e164(number).removeprefix("+")) is not None
    assert blocked is (number.country_code != 49)


@given(st.data())
def test_a_blocked_organization_means_what_its_main_numbers_cover(data: st.DataObject) -> None:
    head = e164(data.draw(valid_numbers("DE"))).removeprefix("+")[:9]
    other = e164(data.draw(valid_numbers())).removeprefix("+")
    rules = written_rules(blocked=[marked_organization(f"{head}*", "Bakery")])
    for caller in (head, f"{head}12", other, head[:-1]):
        assert (rules.blocking(caller) is not None) is caller.startswith(head)


@given(st.sets(st.from_regex(r"[1-9][0-9]{0,17}", fullmatch=True), max_size=60), st.data())
def test_a_number_is_known_if_and_only_if_it_is_among_them(numbers: set[str], data: st.DataObject) -> None:
    known = KnownNumbers.of(numbers)
    assert len(known) == len(numbers)
    assert all(number in known for number in numbers)
    other = data.draw(st.from_regex(r"[0-9]{0,19}", fullmatch=True))
    assert (other in known) == (other in numbers)
    assert None not in known
