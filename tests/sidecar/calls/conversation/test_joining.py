"""Which hooks are one call: legs join, an xcid joins what they do not; what begins by itself stays by itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from sidecar.calls.conversation.conversation import State
from sidecar.calls.conversation.joining import Links, gathered, links_of
from sidecar.calls.sipgate.events import Answered, Direction, HungUp, NewCall
from tests.sidecar.calls.conversation.switchboard import Switchboard, played
from tests.sidecar.calls.conversation.traces import CUSTOMER, LINE

RING = NewCall(call_id="A", fresh=True, xcid="q", direction=Direction.IN, caller=CUSTOMER, callee=LINE)

ANSWER = Answered(call_id="A", direction=Direction.IN, caller=CUSTOMER, callee=LINE, user="Agent w1", user_id="w1")


def hooks_together(*links: Links) -> list[list[int]]:
    return [gathering.hooks for gathering in gathered(links, {}, {})]


def test_four_calls_that_begin_by_themselves_and_share_an_xcid_are_four_missed_calls() -> None:
    ends = [
        HungUp(call_id=f"A{number}", fresh=True, xcid="q", direction=Direction.IN, caller=CUSTOMER, callee=LINE)
        for number in range(4)
    ]
    board = played(ends)
    assert [call.state for call in board.conversations()] == [State.MISSED] * 4
    assert [row.done for row in board.log.rows.values()] == [False] * 4


def test_the_second_of_two_calls_with_one_xcid_shows_its_own_caller_and_opens_its_own_dialog() -> None:
    answer = replace(ANSWER, xcid="q", fresh=True)
    other = replace(RING, call_id="B", caller="4940123")
    board = Switchboard()
    for event in (RING, answer, other, replace(answer, call_id="B", caller="4940123")):
        board.hear(event)
    assert [call.caller for call in board.conversations()] == [CUSTOMER, "4940123"]
    assert board.log.dialogs == [1, 1]


def test_an_xcid_joins_legs_that_nothing_else_joins_in_any_order() -> None:
    links = (
        Links(legs=("A",), shared="x:q", fresh=True),
        Links(legs=("B",), shared="x:q"),
        Links(legs=("C", "A"), shared="x:q"),
        Links(legs=("B",)),
    )
    for order in permutations(links):
        assert hooks_together(*order) == [[0, 1, 2, 3]]


def test_what_shares_the_xcid_of_two_calls_belongs_to_the_later_one() -> None:
    first, second = Links(legs=("A",), shared="x:q", fresh=True), Links(legs=("B",), shared="x:q", fresh=True)
    assert hooks_together(first, second, Links(legs=("C",), shared="x:q")) == [[0], [1, 2]]


def test_a_known_conversation_is_joined_by_its_xcid_unless_both_begin_by_themselves() -> None:
    for fresh, conversations in ((False, {7}), (True, set())):
        (found,) = gathered([Links(legs=("B",), shared="x:q", fresh=fresh)], {"A": 7, "x:q": 7}, {7: frozenset({"A"})})
        assert found.conversations == conversations


def test_two_xcids_of_one_known_conversation_are_one_call() -> None:
    links = [Links(legs=("B",), shared="x:q"), Links(legs=("C",), shared="x:r")]
    (found,) = gathered(links, {"x:q": 7, "x:r": 7}, {})
    assert (found.hooks, found.conversations) == ([0, 1], {7})


def test_a_circle_of_origins_is_one_call() -> None:
    assert hooks_together(Links(legs=("A", "B")), Links(legs=("B", "A"))) == [[0, 1]]


def test_the_keys_of_an_answer_are_its_legs_and_its_xcid() -> None:
    answer = Answered(call_id="B", orig_call_id="A", xcid="q", direction=Direction.IN)
    assert links_of(answer).keys == ("B", "A", "x:q")
