"""Whose phones ring, and who dialled.

Shown by sipgate/sipgate.io 109 (outgoing calls whose hooks name nobody, or lack their answer).
"""

from __future__ import annotations

from itertools import permutations

import pytest

from sidecar.calls.conversation.conversation import conversation_from
from sidecar.calls.conversation.desk import Addressee, desk_for
from sidecar.calls.conversation.legs import Heard
from sidecar.calls.conversation.participants import agent_of, agents_rung
from sidecar.calls.sipgate.events import Answered, CallEvent, Direction, HungUp, NewCall
from tests.sidecar.calls.conversation.switchboard import HABITS
from tests.sidecar.calls.rules.rule_settings import mapped, written_rules

RULES = written_rules(agent_map=[mapped("w0", "4"), mapped("1234567w1", "5"), mapped("w3", "4")])
AGENTS = RULES.agents
DESK = desk_for(RULES, country="DE", popup_ttl=20.0, log_blocked_calls=False)
OUT, IN = Direction.OUT, Direction.IN
JANE, MAX = Addressee(name="Jane Doe", agent_id=4), Addressee(name="Max Roe", agent_id=5)
NOBODY = Addressee(name=None, agent_id=None)


def dials(*users: str, ids: tuple[str, ...] = (), full: tuple[str, ...] = ()) -> NewCall:
    return NewCall(
        call_id="A", direction=OUT, caller="493023125010", callee="491713920010",
        users=users, user_ids=ids, full_user_ids=full,
    )  # fmt: skip


def answers(user: str | None = None, *, user_id: str | None = None, full: str | None = None) -> Answered:
    return Answered(call_id="A", direction=OUT, user=user, user_id=user_id, full_user_id=full)


def rings_in(call_id: str, user: str, user_id: str, *, orig: str | None = None) -> NewCall:
    return NewCall(call_id=call_id, orig_call_id=orig, direction=IN, users=(user,), user_ids=(user_id,))


def picks_up(call_id: str, user: str, user_id: str) -> Answered:
    return Answered(call_id=call_id, direction=IN, user=user, user_id=user_id)


def test_each_agent_whose_phone_rings_is_found_once() -> None:
    call = NewCall(
        call_id="A",
        direction=Direction.IN,
        user_ids=("w0", "w1", "w9", "w0"),
        full_user_ids=("1234567w0", "1234567w1"),
    )
    assert agents_rung(call, AGENTS) == {4, 5}


def test_full_ids_alone_are_enough() -> None:
    call = NewCall(call_id="A", direction=Direction.IN, full_user_ids=("1234567w0", "7654321w1"))
    assert agents_rung(call, AGENTS) == {4}


CASES: dict[str, tuple[tuple[CallEvent, ...], Addressee]] = {
    "who dials, while it rings": ((dials("Jane Doe", ids=("w0",)),), JANE),
    "who dialled, answered": ((dials("Jane Doe", ids=("w0",)), answers()), JANE),
    "who dialled, not reached": ((dials("Jane Doe", ids=("w0",)), HungUp(call_id="A", cause="busy")), JANE),
    "full ids alone": ((dials("Max Roe", full=("1234567w1",)), answers()), MAX),
    "a user nobody has": ((dials("Bot", ids=("w9",)), answers()), Addressee(name="Bot", agent_id=None)),
    "a name alone": ((dials("Jane Doe"), answers()), Addressee(name="Jane Doe", agent_id=None)),
    "two ids of one agent": ((dials("Jane Doe", "Jane Doe", ids=("w0", "w3")), answers()), JANE),
    "two agents, nobody said": ((dials("Jane Doe", "Max Roe", ids=("w0", "w1"), full=("", "1234567w1")),), NOBODY),
    "two agents, one answers": (
        (dials("Jane Doe", "Max Roe", ids=("w0", "1234567w1")), answers("Max Roe", user_id="1234567w1")),
        MAX,
    ),
    "two agents, one answers by name": (
        (dials("Jane Doe", "Max Roe", ids=("w0", "1234567w1")), answers("Max Roe")),
        MAX,
    ),
    "two agents, the other side answers": (
        (dials("Jane Doe", "Max Roe", ids=("w0", "1234567w1")), answers("Somebody Else")),
        NOBODY,
    ),
    "newCall names nobody": ((dials(), answers("Jane Doe", user_id="w0")), JANE),
    "nobody is named": ((dials(), answers()), NOBODY),
    "newCall was lost": ((answers(),), NOBODY),
    "who dials counts, whoever an answer names": ((dials("Jane Doe", ids=("w0",)), answers("Bot")), JANE),
    "internal: who dialled": (
        (dials("Jane Doe", ids=("w0",)), rings_in("B", "Max Roe", "1234567w1", orig="A"),
         picks_up("B", "Max Roe", "1234567w1"), answers()),
        JANE,
    ),
    "inbound, forwarded: who answered": (
        (rings_in("A", "Jane Doe", "w0"), HungUp(call_id="A", cause="forwarded"),
         rings_in("B", "Max Roe", "1234567w1", orig="A"), picks_up("B", "Max Roe", "1234567w1")),
        MAX,
    ),
    "inbound, nobody answers": ((rings_in("A", "Jane Doe", "w0"),), NOBODY),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_call_belongs_to_who_dialled_or_to_who_answered(case: str) -> None:
    events, whose = CASES[case]
    for order in permutations(events):
        heard = [Heard(at=1000.0 + place, event=event) for place, event in enumerate(order)]
        conversation = conversation_from(heard, now=1100.0, habits=HABITS)
        assert conversation is not None
        found = agent_of(conversation, DESK.addressee)
        assert (found.agent_id, found.name) == (whose.agent_id, whose.name)
