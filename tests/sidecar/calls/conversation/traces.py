"""The calls of docs/reference/sipgate.md section 2 as events in the order in which they happen."""

from __future__ import annotations

from dataclasses import dataclass

from sidecar.calls.sipgate.events import Answered, CallEvent, Direction, HungUp, NewCall

CUSTOMER, LINE = "491713920010", "493023125010"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    name: str
    events: tuple[CallEvent, ...]
    state: str  # at the end
    direction: Direction = Direction.IN
    talkers: tuple[str, ...] = ()
    dialogs: tuple[int, ...] = ()  # agents w1 -> 1, w2 -> 2 in order
    done: bool | None = None  # of the row in Zammad's log; None: there is no row


def _ring(call_id: str, *users: str, orig: str | None = None, direction: Direction = Direction.IN) -> NewCall:
    return NewCall(
        call_id=call_id,
        orig_call_id=orig,
        xcid="aa01",
        direction=direction,
        caller=CUSTOMER if direction is Direction.IN else LINE,
        callee=LINE if direction is Direction.IN else CUSTOMER,
        users=tuple(f"Agent {user}" if user.startswith("w") else user for user in users),
        user_ids=tuple(user for user in users if user.startswith("w")),
    )


def _answer(
    call_id: str, user: str | None, *, orig: str | None = None, direction: Direction = Direction.IN
) -> Answered:
    agent = user is not None and user.startswith("w")
    return Answered(
        call_id=call_id,
        orig_call_id=orig,
        xcid="aa01",
        direction=direction,
        caller=CUSTOMER if direction is Direction.IN else LINE,
        callee=LINE if direction is Direction.IN else CUSTOMER,
        user=f"Agent {user}" if agent else user,
        user_id=user if agent else None,
    )


def _end(call_id: str, cause: str, *, orig: str | None = None, direction: Direction = Direction.IN) -> HungUp:
    return HungUp(
        call_id=call_id,
        orig_call_id=orig,
        xcid="aa01",
        direction=direction,
        caller=CUSTOMER if direction is Direction.IN else LINE,
        callee=LINE if direction is Direction.IN else CUSTOMER,
        cause=cause,
    )


_OUT = Direction.OUT
SIMPLE = Trace(
    name="simple",
    events=(_ring("A", "w1"), _answer("A", "w1"), _end("A", "normalClearing")),
    state="ended",
    talkers=("w1",),
    dialogs=(1,),
    done=True,
)
MISSED = Trace(name="missed", events=(_ring("A", "w1"), _end("A", "cancel")), state="missed", done=False)
GROUP = Trace(
    name="group call",
    events=(_ring("A", "w1", "w2"), _answer("A", "w2"), _end("A", "normalClearing")),
    state="ended",
    talkers=("w2",),
    dialogs=(2,),
    done=True,
)
VOICEMAIL = Trace(
    name="forward to voicemail",
    events=(
        _ring("A", "w1"),
        _end("A", "forwarded"),
        _ring("B", "voicemail", orig="A"),
        _answer("B", "voicemail", orig="A"),
        _end("B", "normalClearing", orig="A"),
    ),
    state="missed",
    done=False,
)
FORWARD = Trace(
    name="forward to a colleague",
    events=(
        _ring("A", "w1"),
        _end("A", "forwarded"),
        _ring("B", "w2", orig="A"),
        _answer("B", "w2", orig="A"),
        _end("B", "normalClearing", orig="A"),
    ),
    state="ended",
    talkers=("w2",),
    dialogs=(2,),
    done=True,
)
TRANSFER = Trace(
    name="transfer",
    events=(
        _ring("A", "w1"),
        _answer("A", "w1"),
        _ring("B", "w2", orig="A"),
        _answer("B", "w2", orig="A"),
        _end("A", "normalClearing"),
        _end("B", "normalClearing", orig="A"),
    ),
    state="ended",
    talkers=("w1", "w2"),
    dialogs=(1, 2),
    done=True,
)
INTERNAL = Trace(
    name="internal",
    events=(
        _ring("O", "w1", direction=_OUT),
        _ring("I", "w2", orig="O"),
        _answer("I", "w2", orig="O"),
        _answer("O", None, direction=_OUT),
        _end("I", "normalClearing", orig="O"),
        _end("O", "normalClearing", direction=_OUT),
    ),
    state="ended",
    direction=_OUT,
    done=True,
)
QUEUE = Trace(
    name="queue nobody comes out of",
    events=(_ring("A", "support"), _answer("A", "support"), _end("A", "normalClearing")),
    state="missed",
    done=False,
)
OUTBOUND = Trace(
    name="outbound",
    events=(
        _ring("A", "w1", direction=_OUT),
        _answer("A", None, direction=_OUT),
        _end("A", "normalClearing", direction=_OUT),
    ),
    state="ended",
    direction=_OUT,
    done=True,
)
NOT_REACHED = Trace(
    name="outbound, not reached",
    events=(_ring("A", "w1", direction=_OUT), _end("A", "noAnswer", direction=_OUT)),
    state="not reached",
    direction=_OUT,
    done=True,
)

TRACES = (SIMPLE, MISSED, GROUP, VOICEMAIL, FORWARD, TRANSFER, INTERNAL, QUEUE, OUTBOUND, NOT_REACHED)
