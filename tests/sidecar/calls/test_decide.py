"""One hook, one decision, with its reason in words.

Shown by sipgate/sipgate.io 44 and 56 (agents who hide their number).
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.decide import decide, was_switched_off
from sidecar.calls.reasons import as_text
from sidecar.calls.rules.block_list import marked_person
from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.answer import Acknowledge, Answer, Dial, LetRing, Reject
from sidecar.calls.sipgate.events import Answered, CallEvent, Direction, HungUp, KeysPressed, NewCall
from tests.sentences import said
from tests.sidecar.calls.rules.rule_settings import agent, route, written_rules

RULES = written_rules(
    block=[{"caller_id": "4989*", "note": "spam"}, {"caller_id": "anonymous", "note": ""}],
    blocked=[marked_person("4930998877", "Erika Mustermann")],
    routes=[route("41*", "+41 71 588 03 39")],
    agents=[agent(4, "jane", sipgate_users="w0", sipgate_number="493044")],
)
WITH_DEFAULT = written_rules(default="4930777000000")
OFF = written_rules(block=[{"caller_id": "4989*"}], default="493077", enabled=False)


def inbound(caller: str) -> NewCall:
    return NewCall(call_id="1", direction=Direction.IN, caller=caller, callee="4930600000")


def outbound(callee: str, user_id: str = "w9") -> NewCall:
    return NewCall(call_id="1", direction=Direction.OUT, caller="4989123456", callee=callee, user_ids=(user_id,))


def hidden(callee: str, user_id: str = "w9", caller: str = "anonymous") -> NewCall:
    return replace(outbound(callee, user_id), caller=caller)


DIAL_41 = Dial(number="41791234567", caller_id="41715880339")

TABLE: list[tuple[CallEvent, Rules | None, Answer, str]] = [
    (inbound("491715000000"), RULES, LetRing(), "no rule applies"),
    (inbound("4989123456"), RULES, Reject(), "blocked: spam (4989*)"),
    (inbound("+4989123456"), RULES, Reject(), "blocked: spam (4989*)"),
    (inbound("089123456"), RULES, Reject(), "blocked: spam (4989*)"),
    (inbound("4930998877"), RULES, Reject(), "blocked: Erika Mustermann is marked as blocked"),
    (inbound("anonymous"), RULES, Reject(), "blocked: anonymous"),
    (inbound(""), RULES, Reject(), "blocked: anonymous"),
    (inbound("1452406e0"), RULES, LetRing(), "no rule applies"),
    (outbound("41791234567"), RULES, DIAL_41, "caller id 41715880339 by routing row 41*"),
    (outbound("+41791234567"), RULES, DIAL_41, "caller id 41715880339 by routing row 41*"),
    (
        outbound("0041791234567"),
        RULES,
        Dial(number="0041791234567", caller_id="41715880339"),  # repeated as dialled
        "caller id 41715880339 by routing row 41*",
    ),
    (
        outbound("030123456", "w0"),
        RULES,
        Dial(number="030123456", caller_id="493044"),
        "caller id 493044 of Jane",
    ),
    (outbound("4989123456"), RULES, LetRing(), "no rule applies"),  # blocking is for inbound calls
    (inbound("4989123456"), WITH_DEFAULT, LetRing(), "no rule applies"),
    (
        outbound("1234567"),
        WITH_DEFAULT,
        Dial(number="1234567", caller_id="4930777000000"),
        "caller id 4930777000000 by default",
    ),
    *[
        (outbound(callee), WITH_DEFAULT, LetRing(), "no caller id: the called number is no outside number")
        for callee in [
            "",
            "12",
            "123456",
            "+123456",
            "1452406e0",
            "++4930123456",
            "49 30123456",
            "٤٩٣٠١٢٣٤٥",
            "anonymous",
        ]
    ],
    *[
        (hidden(callee, by, caller), rules, LetRing(), "no caller id: the agent hides the number (calls.keep_hidden)")
        for callee, by, rules in [
            ("41791234567", "w9", RULES),
            ("4930123456", "w0", RULES),
            ("4930123456", "w9", WITH_DEFAULT),
        ]
        for caller in ("anonymous", "Anonymous")
    ],
    (hidden("41791234567"), replace(RULES, keep_hidden=False), DIAL_41, "caller id 41715880339 by routing row 41*"),
    (hidden("41791234567", caller=""), RULES, DIAL_41, "caller id 41715880339 by routing row 41*"),
    (hidden("41791234567"), OFF, Acknowledge(), "integration is switched off in Zammad"),
    (inbound("4989123456"), OFF, Acknowledge(), "integration is switched off in Zammad"),
    (outbound("4989123456"), OFF, Acknowledge(), "integration is switched off in Zammad"),
    (HungUp(call_id="1"), OFF, Acknowledge(), "integration is switched off in Zammad"),
    (inbound("4989123456"), None, LetRing(), "rules are not loaded yet"),
    (outbound("41791234567"), None, LetRing(), "rules are not loaded yet"),
    (Answered(call_id="1", direction=Direction.IN, caller="4989123456"), RULES, Acknowledge(), "answered"),
    (Answered(call_id="1", direction=Direction.OUT, callee="41791234567"), RULES, Acknowledge(), "answered"),
    (HungUp(call_id="1", caller="4989123456"), RULES, Acknowledge(), "hung up"),
    (KeysPressed(call_id="1", digits="1"), None, Acknowledge(), "keys pressed"),
]


@pytest.mark.parametrize(("event", "rules", "answer", "reason"), TABLE)
def test_each_hook_has_its_decision(event: CallEvent, rules: Rules | None, answer: Answer, reason: str) -> None:
    decision = decide(event, rules)
    assert (decision.answer, said(decision.reason)) == (answer, reason)


def test_what_was_said_while_it_was_switched_off_is_known_in_old_rows_and_in_new_ones() -> None:
    assert was_switched_off(as_text(decide(inbound("4989123456"), OFF).reason))
    assert was_switched_off("integration is switched off in Zammad")
    assert not was_switched_off(as_text(decide(inbound("491715000000"), RULES).reason))
    assert not was_switched_off("no rule applies")


@given(
    caller=st.text(max_size=30),
    callee=st.text(max_size=30),
    direction=st.sampled_from(Direction),
    user=st.text(max_size=9),
)
def test_no_call_raises_and_dial_holds_only_digits(caller: str, callee: str, direction: Direction, user: str) -> None:
    call = NewCall(
        call_id="1", direction=direction, caller=caller, callee=callee, user_ids=(user,), full_user_ids=(user,)
    )
    for rules in (RULES, WITH_DEFAULT):
        decision = decide(call, rules)
        assert said(decision.reason).isprintable()
        if isinstance(decision.answer, Dial):
            assert (decision.answer.number + decision.answer.caller_id).isdigit()
            assert decision.answer.number.isascii()
