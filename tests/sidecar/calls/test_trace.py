"""Why a dialog opened or not: the sentences people read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from sidecar.calls.conversation.caller_log import CloseRow, OpenRow, Otherwise, ShowAnswer, Told
from sidecar.calls.conversation.conversation import Conversation, Habits, conversation_from
from sidecar.calls.conversation.desk import Addressee
from sidecar.calls.conversation.legs import AnswerHabits, Heard
from sidecar.calls.conversation.parcels import ParcelState
from sidecar.calls.reasons import Reason, as_written, because
from sidecar.calls.rules.block_list import Blocked
from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.events import Answered, CallEvent, Direction, HungUp, NewCall
from sidecar.calls.trace import Posted, explain
from tests.sentences import said
from tests.sidecar.calls.rules.rule_settings import JANE, mapped, written_rules

IN, OUT = Direction.IN, Direction.OUT
CUSTOMER, LINE = "491713920010", "493023125010"
RING = NewCall(call_id="A", direction=IN, caller=CUSTOMER, callee=LINE, users=("Jane Doe",), user_ids=("w1",))
ANSWER = Answered(call_id="A", direction=IN, caller=CUSTOMER, callee=LINE, user="Jane Doe", user_id="w1")
END = HungUp(call_id="A", direction=IN, cause="normalClearing")
MISSED = replace(END, cause="cancel")
SHOW = ShowAnswer(call_id="A", direction="in", caller=CUSTOMER, callee=LINE, user="Jane Doe", agent_id=4)
ROW = Told(call_id="A", answered=True, shown=Addressee(name="Jane Doe", agent_id=4), closed_at=1.0)
JANE_ON = replace(JANE, phone_switch=True)
RULES = written_rules(agent_map=[mapped("w1", "jane")], agents=[JANE_ON])
OPENED = "answered by w1 (Jane Doe): a dialog was sent to Jane"
CLOSED = "one row in Zammad's caller log, shown as answered by Jane Doe, closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    effect: object = SHOW
    state: ParcelState = ParcelState.DONE
    note: Reason | None = None


def call(*events: CallEvent, rejected: Reason | None = None, queues: frozenset[str] = frozenset()) -> Conversation:
    heard = [Heard(at=100.0 + at, event=event, rejected=rejected) for at, event in enumerate(events)]
    found = conversation_from(heard, now=10_000.0, habits=Habits(answers=AnswerHabits(queue_names=queues)))
    assert found is not None
    return found


def told(
    conversation: Conversation, *deliveries: Posted, row: Told = ROW, rules: Rules | None = RULES
) -> tuple[str, ...]:
    return tuple(map(said, explain(conversation, told=row, deliveries=deliveries, rules=rules)))


def test_a_dialog_that_opened() -> None:
    assert told(call(RING, ANSWER, END), Sent()) == (OPENED, CLOSED)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (Sent(note=because(Otherwise.PHONE_OFF)), "no dialog for Jane, because: the agent's phone switch is off"),
        (Sent(note=because(Otherwise.TOO_LATE)), "no dialog for Jane, because: too late for a dialog"),
        (Sent(note=because(Otherwise.CALL_ENDED)), "no dialog for Jane, because: the call has already ended"),
        (Sent(state=ParcelState.PENDING), "the dialog for Jane waits for its delivery"),
        (
            Sent(state=ParcelState.PENDING, note=as_written("no answer in time")),
            "the dialog for Jane waits for its delivery (no answer in time)",
        ),
        (
            Sent(state=ParcelState.DEAD, note=as_written("Nope (HTTP 422)")),
            "no dialog for Jane, because Zammad refused it (Nope (HTTP 422))",
        ),
        (Sent(state=ParcelState.DISCARDED), "no dialog for Jane, because the message was discarded"),
    ],
)
def test_what_came_of_the_delivery_is_said(sent: Sent, why: str) -> None:
    assert told(call(RING, ANSWER, END), sent)[0] == f"answered by w1 (Jane Doe): {why}"


def test_a_sipgate_user_nobody_has() -> None:
    somebody = replace(ANSWER, user="Max Roe", user_id="w3")
    assert told(call(RING, somebody, END))[0] == (
        "answered by w3 (Max Roe): no dialog, because no agent has this sipgate user"
    )


def test_an_answer_that_names_no_sipgate_user() -> None:
    assert told(call(RING, replace(ANSWER, user_id=None), END))[0] == (
        "answered by Jane Doe: no dialog, because sipgate did not say which of its users that is"
    )


def test_before_the_agent_map_was_ever_read() -> None:
    assert told(call(RING, ANSWER, END), rules=None)[0].endswith("because the agent map was never read from Zammad")


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (replace(RULES, enabled=False), "because the integration is switched off in Zammad now"),
        (written_rules(agent_map=[mapped("w1", "jane")]), "whose phone switch is off now"),
        (RULES, "because the call had ended, or the map named nobody, when the answer was worked through"),
    ],
)
def test_a_dialog_that_was_never_planned(rules: Rules, why: str) -> None:
    said = told(call(RING, ANSWER, END), rules=rules)[0]
    assert said.startswith("answered by w1 (Jane Doe): no dialog for Jane, ")
    assert said.endswith(why)


def test_a_colleague_who_calls() -> None:
    colleague = call(replace(RING, caller="12"), replace(ANSWER, caller="12"), END)
    assert told(colleague)[0].endswith("no dialog for Jane, because a colleague's extension calls")


def test_an_answer_overtaken_by_the_end_of_the_call() -> None:
    assert told(call(RING, END, ANSWER))[0].endswith("because the call had ended before the answer was heard of")


def test_a_second_pick_up_by_the_same_agent() -> None:
    rules = written_rules(agent_map=[mapped("w1", "jane"), mapped("w2", "jane")], agents=[JANE_ON])
    again = replace(ANSWER, user_id="w2")
    first, second, _row = told(call(RING, ANSWER, again, END), Sent(), rules=rules)
    assert first == OPENED
    assert second == "answered by w2 (Jane Doe): no dialog for Jane, who has got one for this call already"


def test_a_dialog_whose_delivery_was_cleaned_away() -> None:
    said = told(call(RING, ANSWER, END), row=replace(ROW, dialogs=(4,)))[0]
    assert said.endswith("a dialog was sent for Jane; what came of it is not kept any more")


@pytest.mark.parametrize(
    ("conversation", "why"),
    [
        (call(RING, MISSED), "no dialog: nobody picked up"),
        (
            call(RING, replace(ANSWER, user="voicemail", user_id=None), END),
            "answered by voicemail, which gets no dialog",
        ),
        (
            call(RING, replace(ANSWER, user="Support", user_id=None), END, queues=frozenset({"support"})),
            "answered by Support, which calls.queue_names lists as a queue: no dialog",
        ),
        (
            call(replace(RING, direction=OUT), replace(ANSWER, direction=OUT), END),
            "no dialog: outbound calls open none",
        ),
        (
            call(replace(RING, direction=OUT), replace(RING, call_id="B", orig_call_id="A"), END),
            "no dialog: an internal call",
        ),
    ],
)
def test_calls_that_open_nothing(conversation: Conversation, why: str) -> None:
    assert why in told(conversation, row=Told(call_id="A"))


def test_a_ringing_call() -> None:
    heard = [Heard(at=100.0, event=RING)]
    ringing = conversation_from(heard, now=101.0, habits=Habits())
    assert ringing is not None
    assert told(ringing, row=Told(call_id="A")) == (
        "no dialog yet: nobody has picked up",
        "one row in Zammad's caller log",
    )


def test_a_blocked_call_names_the_rule() -> None:
    assert told(call(RING, rejected=because(Blocked.NOTED_ROW, note="spam", number="4917*")), row=Told()) == (
        "the caller was rejected as busy: blocked: spam (4917*)",
        "no dialog: nobody's phone rang",
        "no row in Zammad's caller log: calls.log_blocked_calls is off",
    )


def test_what_zammad_did_not_take_is_said() -> None:
    opening = Sent(
        effect=OpenRow(call_id="A", direction="in", caller=CUSTOMER, callee=LINE),
        state=ParcelState.DEAD,
        note=as_written("Nope"),
    )
    closing = Sent(
        effect=CloseRow(call_id="A", direction="in", caller=CUSTOMER, callee=LINE, cause="cancel"),
        state=ParcelState.PENDING,
    )
    said = told(call(RING, MISSED), opening, closing, Sent(effect="something newer", state=ParcelState.DISCARDED))
    assert said[2:] == (
        "opening the row was refused by Zammad for good: Nope",
        "closing the row waits for its delivery",
        "another message to Zammad was discarded",
    )


def test_foreign_text_stays_on_one_line() -> None:
    hostile = replace(ANSWER, user="Jane\x1b]0;owned\x07\nDoe")
    assert all(line.isprintable() for line in told(call(RING, hostile, END)))
