"""What a dialog needs to know of the ringing before it; the rest of the plan is tested with whole conversations."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sidecar.calls.conversation.caller_log import ShowAnswer, Told, plan_row
from sidecar.calls.conversation.conversation import conversation_from
from sidecar.calls.conversation.legs import Heard
from sidecar.calls.sipgate.events import Answered, CallEvent, Direction
from tests.sidecar.calls.conversation.switchboard import DESK, HABITS
from tests.sidecar.calls.conversation.traces import FORWARD, GROUP, QUEUE, SIMPLE, TRANSFER

HANDED_OVER = Answered(call_id="A", direction=Direction.IN, user="Agent w2", user_id="w2")


def last_dialog(events: Sequence[CallEvent]) -> ShowAnswer:
    """Hooks come one second apart, the first at 1000."""
    heard = [Heard(at=1000.0 + place, event=event) for place, event in enumerate(events)]
    conversation = conversation_from(heard, now=1000.0 + len(events), habits=HABITS)
    assert conversation
    dialogs = [
        step for step in plan_row(conversation, Told(), DESK, now=1100.0).effects if isinstance(step, ShowAnswer)
    ]
    assert dialogs[-1].agent_id is not None
    return dialogs[-1]


@pytest.mark.parametrize(
    ("events", "rang_at"),
    [
        (SIMPLE.events[:2], 1000.0),
        (GROUP.events[:2], 1000.0),
        (TRANSFER.events[:4], 1002.0),  # the second leg's
        (FORWARD.events[:4], 1002.0),
        ((*SIMPLE.events[:2], HANDED_OVER), None),  # nobody said that it rang again
        (SIMPLE.events[1:2], None),
        ((*QUEUE.events[:2], HANDED_OVER), 1000.0),
    ],
    ids=["simple", "group", "transfer", "forward", "handed over", "answer alone", "out of a queue"],
)
def test_a_dialog_knows_since_when_the_phone_rang(events: Sequence[CallEvent], rang_at: float | None) -> None:
    assert last_dialog(events).rang_at == rang_at


def test_what_opens_nothing_knows_nothing_of_the_ringing() -> None:
    heard = [Heard(at=1000.0 + place, event=event) for place, event in enumerate(QUEUE.events[:2])]
    conversation = conversation_from(heard, now=1002.0, habits=HABITS)
    assert conversation
    shown = [step for step in plan_row(conversation, Told(), DESK, now=1002.0).effects if isinstance(step, ShowAnswer)]
    assert all((step.agent_id, step.rang_at) == (None, None) for step in shown)
