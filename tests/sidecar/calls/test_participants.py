"""Whose phones ring."""

from __future__ import annotations

from sidecar.calls.events import Direction, NewCall
from sidecar.calls.participants import agents_rung
from tests.sidecar.calls.rule_settings import mapped, written_rules

AGENTS = written_rules(agent_map=[mapped("w0", "4"), mapped("1234567w1", "5")]).agents


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
