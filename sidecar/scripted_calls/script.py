"""What a call looks like from sipgate: its hooks in order, and each of them as the form that sipgate posts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Literal

MASTER = "1234567"  # sipgate's account, part of every fullUserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """A phone at sipgate. Without `user_id` it is a machine."""

    user_id: str
    name: str


VOICEMAIL = Colleague(user_id="", name="voicemail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One hook. `origin` is the leg this one came from."""

    event: Literal["newCall", "answer", "hangup"]
    users: tuple[Colleague, ...] = ()
    leg: str = "a"
    origin: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A call. Numbers as sipgate writes them: digits without plus, or `anonymous`."""

    direction: Literal["in", "out"]
    caller: str
    callee: str
    steps: tuple[Step, ...]


def answered(*ringing: Colleague, by: Colleague) -> tuple[Step, ...]:
    return (_ring(*ringing), Step(event="answer", users=(by,)), _end("normalClearing"))


def missed(*ringing: Colleague, cause: str = "cancel") -> tuple[Step, ...]:
    """The caller gives up, or the cause says why nobody picks up."""
    return (_ring(*ringing), _end(cause))


def to_voicemail(first: Colleague) -> tuple[Step, ...]:
    """Nobody picks up, so the call goes on as another leg, to the voicemail."""
    second = answered(VOICEMAIL, by=VOICEMAIL)
    return (_ring(first), _end("forwarded"), *_second_leg(second))


def transferred(first: Colleague, second: Colleague) -> tuple[Step, ...]:
    """The first one talks, then hands the caller over."""
    ring, pick_up, end = answered(first, by=first)
    ring_second, pick_up_second, end_second = _second_leg(answered(second, by=second))
    return (ring, pick_up, ring_second, pick_up_second, end, end_second)


def placed(by: Colleague) -> tuple[Step, ...]:
    """Outbound: who answers is never said."""
    return (_ring(by), Step(event="answer"), _end("normalClearing"))


def call_ids(script: Script, call: str) -> tuple[str, ...]:
    """The callIds of all legs."""
    return tuple(dict.fromkeys(_leg_id(call, step.leg) for step in script.steps))


def form_of(step: Step, script: Script, *, call: str) -> list[tuple[str, str]]:
    """In sipgate's order; a fresh leg repeats its own id as origCallId (docs/reference/sipgate.md section 1.2)."""
    return [
        ("event", step.event),
        ("direction", script.direction),
        ("from", script.caller),
        ("to", script.callee),
        ("callId", _leg_id(call, step.leg)),
        ("origCallId", _leg_id(call, step.origin or step.leg)),
        *(_ringing(step) if step.event == "newCall" else _answering(step)),
        *([("cause", step.cause)] if step.cause else []),
        *([("diversion", script.callee)] if step.origin else []),
        ("xcid", hashlib.sha256(call.encode()).hexdigest()[:16]),
    ]


def _ring(*users: Colleague) -> Step:
    return Step(event="newCall", users=users)


def _end(cause: str) -> Step:
    return Step(event="hangup", cause=cause)


def _second_leg(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(replace(step, leg="b", origin="a") for step in steps)


def _leg_id(call: str, leg: str) -> str:
    return f"{call}-{leg}"


def _ringing(step: Step) -> list[tuple[str, str]]:
    people = [user for user in step.users if user.user_id]
    return [
        *(("user[]", user.name) for user in step.users),
        *(("userId[]", user.user_id) for user in people),
        *(("fullUserId[]", MASTER + user.user_id) for user in people),
    ]


def _answering(step: Step) -> list[tuple[str, str]]:
    if not step.users:
        return []
    user = step.users[0]
    ids = [("userId", user.user_id), ("fullUserId", MASTER + user.user_id)] if user.user_id else []
    return [("user", user.name), *ids]
