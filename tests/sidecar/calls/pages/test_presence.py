"""Who is free."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.presence import Doing, RunningCall, office_now
from sidecar.calls.rules.agents import Agent, AgentMap

JANE = Agent(id=4, login="jane", email="", name="Jane Doe", phone_switch=True)
MAX = Agent(id=5, login="max", email="", name="max roe")
MAP = AgentMap(by_sipgate_id={"w1": MAX, "w0": JANE, "w9": JANE})
RINGING = ListedCall(
    id=1, direction="in", internal=False, test=False, state=State.RINGING, caller="49301", callee="49302",
    number="49301", line="49302", agent=None, agent_id=None, started_at=100.0, answered_at=None,
    ended_at=None, waiting=None, talking=None, certainty=None, person_id=None, person=None,
    organization_id=None, organization=None, identified_as=None, agents=frozenset({4, 5}),
)  # fmt: skip
TALK = replace(RINGING, id=2, state=State.ANSWERED, agent_id=4, answered_at=103.0)
DIALLED = replace(RINGING, id=3, direction="out", agent_id=4, agents=frozenset({4}))


@pytest.mark.parametrize(
    ("running", "jane", "max_roe"),
    [
        ([], Doing.FREE, Doing.OFF),
        ([RunningCall(call=RINGING)], Doing.RINGING, Doing.RINGING),
        ([RunningCall(call=RINGING, phones=("w1",))], Doing.FREE, Doing.RINGING),
        ([RunningCall(call=RINGING), RunningCall(call=TALK)], Doing.TALKING, Doing.RINGING),
        ([RunningCall(call=DIALLED)], Doing.DIALLING, Doing.OFF),
    ],
    ids=["nothing", "rings at both", "forwarded to one", "talking beats ringing", "dialling"],
)
def test_talking_beats_ringing_beats_switch_off_beats_free(
    running: list[RunningCall], jane: Doing, max_roe: Doing
) -> None:
    agents = office_now(running, MAP).agents
    assert [(each.name, each.doing) for each in agents] == [("Jane Doe", jane), ("max roe", max_roe)]


def test_with_whom_and_since_when() -> None:
    now = office_now([RunningCall(call=TALK), RunningCall(call=RINGING, phones=("w1",))], MAP)
    assert [(each.call, each.since) for each in now.agents] == [(TALK, 103.0), (RINGING, 100.0)]
    assert now.rings == {5: (RINGING,)}
