"""What a hook foretells: whose switches are read, and whether a dialog may come."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.events import Answered, CallEvent, Direction, HungUp, NewCall
from sidecar.delivery.foresight import Foresight
from sidecar.delivery.phone_switches import PhoneSwitches
from sidecar.delivery.right_of_way import RightOfWay
from tests.sidecar.calls.rules.rule_settings import mapped, written_rules
from tests.sidecar.follow_up.folding import START, hook

IN, OUT = Direction.IN, Direction.OUT
RULES = written_rules(agent_map=[mapped("w0", "4"), mapped("w1", "5")])
RINGING = NewCall(call_id="A", direction=IN, user_ids=("w0", "w7"))
ANSWERED = Answered(call_id="A", direction=IN, user_id="w1")


class Foreseen:
    """What was foretold to the switches and to the right of way."""

    def __init__(self, rules: Rules | None = RULES) -> None:
        self.ringing: list[tuple[set[int], float]] = []
        self.expected: list[float] = []
        self._foresight = Foresight(
            rules=lambda: rules, switches=cast("PhoneSwitches", self), way=cast("RightOfWay", self)
        )

    def rings_at(self, agents: set[int], since: float) -> None:
        self.ringing.append((set(agents), since))

    def expect(self, received_at: float) -> None:
        self.expected.append(received_at)

    def by(self, event: CallEvent, /, **more: object) -> Foreseen:
        self._foresight.note(replace(hook(event), **more))  # type: ignore[arg-type] # fields of a hook
        return self


def test_ringing_phones_are_those_of_our_agents() -> None:
    foreseen = Foreseen().by(RINGING)
    assert (foreseen.ringing, foreseen.expected) == ([({4}, START)], [])


def test_an_agent_who_picks_up_may_get_a_dialog() -> None:
    foreseen = Foreseen().by(ANSWERED)
    assert (foreseen.ringing, foreseen.expected) == ([], [START])


@pytest.mark.parametrize(
    "event",
    [
        replace(ANSWERED, user_id="w7"),
        replace(ANSWERED, user_id=None),
        replace(ANSWERED, direction=OUT),
        replace(RINGING, direction=OUT),
        HungUp(call_id="A"),
    ],
)
def test_other_hooks_foretell_nothing(event: CallEvent) -> None:
    foreseen = Foreseen().by(event)
    assert ([agents for agents, _ in foreseen.ringing if agents], foreseen.expected) == ([], [])


def test_a_blocked_caller_rings_nowhere() -> None:
    assert Foreseen().by(RINGING, rejected=True).ringing == []


def test_what_nobody_could_read_foretells_nothing() -> None:
    assert Foreseen().by(ANSWERED, event=None, body=b"").expected == []


@pytest.mark.parametrize("rules", [None, replace(RULES, enabled=False)])
def test_without_rules_or_switched_off_nothing_opens(rules: Rules | None) -> None:
    foreseen = Foreseen(rules).by(RINGING).by(ANSWERED)
    assert (foreseen.ringing, foreseen.expected) == ([], [])
