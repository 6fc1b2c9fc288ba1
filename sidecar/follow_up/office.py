"""What the fold asks of the parts around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sidecar.calls.conversation.conversation import Conversation, Habits
from sidecar.calls.conversation.desk import Desk, desk_for
from sidecar.calls.conversation.legs import AnswerHabits, Taker
from sidecar.calls.conversation.participants import agents_of
from sidecar.calls.rules.rules import Rules
from sidecar.config import Settings
from sidecar.follow_up.callers import Call, Callers
from sidecar.store.calls.conversations import Caller
from sidecar.store.database import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """As of one moment."""

    habits: Habits
    desk: Desk
    identify: Callable[[Connection, Sequence[Call]], Sequence[Caller | None]]  # None: as it is known
    taking_part: Callable[[Conversation], frozenset[int]] = lambda _call: frozenset()  # ids of our agents


def habits_from(settings: Settings) -> Habits:
    """What the configuration says of the telephone system."""
    return Habits(
        answers=AnswerHabits(
            queue_names=frozenset(name.strip().casefold() for name in settings.calls.queue_names),
            unnamed=Taker.PERSON if settings.calls.unnamed_answer == "person" else Taker.UNNAMED,
        ),
        missing_hangup_after=settings.calls.missing_hangup_after,
        shortest_ring=settings.missed.shortest_ring,
        shortest_talk=settings.missed.shortest_talk,
    )


def office_under(settings: Settings, *, rules: Callable[[], Rules | None], callers: Callers) -> Callable[[], Office]:
    """The office as it is whenever it is asked for: with the rules then in force."""
    habits = habits_from(settings)

    def office() -> Office:
        in_force = rules()
        return Office(
            habits=habits,
            desk=desk_for(
                in_force,
                country=settings.phone.country,
                popup_ttl=settings.calls.popup_ttl,
                log_blocked_calls=settings.calls.log_blocked_calls,
            ),
            identify=callers.callers_of,
            taking_part=lambda call: agents_of(call.legs, in_force.agents) if in_force else frozenset(),
        )

    return office
