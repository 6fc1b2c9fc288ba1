"""Whose phones a call is on. Who answers another call has ended the one before, even if its hangup was lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sidecar.calls.conversation.legs import Heard, Leg, Taker
from sidecar.calls.sipgate.events import Answered, Direction, HungUp, NewCall

_SIPGATE_ID = re.compile(r"([0-9]*)([a-z][0-9]+)", re.ASCII)  # 1234567w0: master SIP id and user


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Phone:
    """Of a sipgate user. `account` is the master SIP id; empty where sipgate did not say it."""

    sipgate_id: str
    account: str = ""

    def is_same(self, other: Phone) -> bool:
        accounts_differ = self.account and other.account and self.account != other.account
        return self.sipgate_id == other.sipgate_id and not accounts_differ


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PhoneUse:
    """Since when (UTC epoch seconds) a phone is on a call. `answers`: an incoming call was answered at it."""

    phone: Phone
    at: float
    answers: bool


def phone_of(user_id: str | None, full_user_id: str | None) -> Phone | None:
    """Of `userId` and `fullUserId`; the full id is the stronger one."""
    written = (full_user_id or user_id or "").strip().lower()
    if not written:
        return None
    parts = _SIPGATE_ID.fullmatch(written)
    return Phone(sipgate_id=parts[2], account=parts[1]) if parts else Phone(sipgate_id=written)


def phone_uses(legs: Iterable[Leg]) -> frozenset[PhoneUse]:
    """Of incoming legs wherever a person answered, of outgoing ones where only one may have dialled."""
    return frozenset(use for leg in legs for use in _uses_of(leg))


def _uses_of(leg: Leg) -> list[PhoneUse]:
    if leg.direction is Direction.OUT:
        diallers = {phone_of(dialler.user_id, dialler.full_user_id) for dialler in leg.diallers}
        phone = diallers.pop() if len(diallers) == 1 else None
        return [PhoneUse(phone=phone, at=leg.began_at, answers=False)] if phone else []
    people = [pickup for pickup in leg.pickups if pickup.taker is Taker.PERSON]
    return [
        PhoneUse(phone=phone, at=pickup.at, answers=True)
        for pickup in people
        if (phone := phone_of(pickup.user_id, pickup.full_user_id))
    ]


def phones_to_ask_about(heard: Collection[Heard]) -> frozenset[Phone]:
    """Phones whose later answers may end this call: none where every leg has told of its end."""
    ended = {hook.event.call_id for hook in heard if isinstance(hook.event, HungUp)}
    phones: set[Phone | None] = set()
    for event in (hook.event for hook in heard if hook.event.call_id not in ended):
        match event:
            case Answered(direction=Direction.IN):
                phones.add(phone_of(event.user_id, event.full_user_id))
            case NewCall(direction=Direction.OUT):
                ids = [*event.user_ids, *event.full_user_ids]
                phones.update(phone_of(each, None) for each in ids)
            case _:
                pass
    return frozenset(phone for phone in phones if phone)


def next_answer(leg: Leg, elsewhere: Iterable[PhoneUse], *, after: float) -> float | None:
    """When the phone this leg is on answered another call."""
    last = max(_uses_of(leg), key=lambda use: use.at, default=None)
    if last is None:
        return None
    return min((use.at for use in elsewhere if use.at > after and use.phone.is_same(last.phone)), default=None)


def next_answers(uses: Iterable[tuple[int, PhoneUse]], answers: Sequence[tuple[int, PhoneUse]]) -> dict[int, float]:
    """Calls on these phones to when one of those phones answered another call. Both come with numbers of calls."""
    found: dict[int, float] = {}
    for number, use in uses:
        for other, answer in answers:
            if other != number and answer.at > use.at and answer.phone.is_same(use.phone):
                found[number] = min(answer.at, found.get(number, answer.at))
    return found
