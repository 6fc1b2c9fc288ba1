"""Which calls are on an agent's desk."""

from __future__ import annotations

import pytest

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.my_calls import on_the_desk

ME, COLLEAGUE = 4, 5


def call(number: int, state: State, agent_id: int | None = None, *, direction: str = "in") -> ListedCall:
    running = state in {State.RINGING, State.ANSWERED}
    return ListedCall(
        id=number, direction=direction, internal=False, test=False, state=state, caller="49301", callee="49302",
        number="49301", line="49302", agent=None, agent_id=agent_id, started_at=0.0, answered_at=None,
        ended_at=None if running else 60.0, waiting=None, talking=None, certainty=None, person_id=None, person=None,
        organization_id=None, organization=None, identified_as=None, agents=frozenset({ME, COLLEAGUE}),
    )  # fmt: skip


RINGS, TALKING = call(9, State.RINGING), call(8, State.ANSWERED, ME)
PICKED_UP = call(7, State.ANSWERED, COLLEAGUE)
OVER, OF_COLLEAGUE = call(6, State.ENDED, ME), call(5, State.ENDED, COLLEAGUE)
MISSED, DIALLED = call(4, State.MISSED), call(3, State.NOT_REACHED, ME, direction="out")


@pytest.mark.parametrize(
    ("calls", "shown"),
    [
        ([RINGS, OVER], [RINGS]),
        ([RINGS, TALKING, OVER], [RINGS, TALKING]),
        ([PICKED_UP, OVER], [OVER]),
        ([PICKED_UP, OF_COLLEAGUE], []),
        ([MISSED, OVER], [MISSED]),
        ([DIALLED, MISSED], [DIALLED]),
        ([], []),
    ],
    ids=["rings", "two run", "a colleague picks up", "all of colleagues", "missed", "dialled", "nothing"],
)
def test_running_calls_or_else_the_last(calls: list[ListedCall], shown: list[ListedCall]) -> None:
    assert on_the_desk(calls, ME, dismissed=()) == shown


def test_what_was_put_away_leaves_the_desk_empty_until_the_next_call() -> None:
    assert on_the_desk([OVER, MISSED], ME, dismissed={6}) == []
    assert on_the_desk([RINGS, OVER, MISSED], ME, dismissed={6}) == [RINGS]
