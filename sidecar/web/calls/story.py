"""The story of a call in words: what rang where, who picked up when, how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sidecar.calls.conversation.legs import Taker
from sidecar.calls.reasons import Reason, reason_in
from sidecar.calls.sipgate.events import Direction
from sidecar.words.wording import Words

Leg = Mapping[str, Any]  # calls.legs.Leg as stored: without what is empty


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    at: float
    kind: str  # ring | dial | answer | machine | end | blocked: how it is drawn
    words: str
    why: Reason | None = None  # goes on with this


def story_lines(legs: Sequence[Leg], words: Words) -> list[StoryLine]:
    """In the order of time."""
    lines = [line for leg in legs for line in _lines_of(leg, words)]
    return sorted(lines, key=lambda line: line.at)


def _lines_of(leg: Leg, words: Words) -> Iterator[StoryLine]:
    began_at = leg["began_at"]
    kind = "dial" if leg.get("direction") == Direction.OUT else "ring"
    if not leg.get("rejected"):
        yield StoryLine(at=began_at, kind=kind, words=_beginning(leg, words))
    else:
        said = words.gettext("Rejected as busy:")
        yield StoryLine(at=began_at, kind="blocked", words=said, why=reason_in(leg["rejected"]))
    for pickup in leg.get("pickups", ()):
        kind = "machine" if pickup["taker"] in {Taker.MACHINE, Taker.QUEUE, Taker.UNNAMED} else "answer"
        yield StoryLine(at=pickup["at"], kind=kind, words=_pickup(pickup, began_at, words))
    if leg.get("hung_up_at") is not None:
        yield StoryLine(at=leg["hung_up_at"], kind="end", words=_end(leg.get("cause") or "normalClearing", words))


def _beginning(leg: Leg, words: Words) -> str:
    users = ", ".join(leg.get("users", ()))
    line, other = words.phone(leg.get("callee")), words.phone(leg.get("caller"))
    if leg.get("direction") == Direction.OUT:
        return words.gettext("{who} dials {number}", who=users or other, number=line)
    if users.casefold() == "voicemail":
        return words.gettext("Goes on to voicemail")
    rings = words.gettext("Ringing at {who}", who=users) if users else words.gettext("Ringing at {line}", line=line)
    if not leg.get("diversion"):
        return rings
    return words.gettext("{rings} (diverted from {line})", rings=rings, line=words.phone(leg["diversion"]))


def _pickup(pickup: Mapping[str, Any], began_at: float, words: Words) -> str:
    wait = words.in_units(max(0.0, pickup["at"] - began_at))
    match pickup["taker"]:
        case Taker.MACHINE:
            return words.gettext("Voicemail answers after {wait}", wait=wait)
        case Taker.UNNAMED:
            return words.gettext("A queue or a machine answers after {wait}", wait=wait)
        case Taker.QUEUE:
            return words.gettext("Queue {who} takes the call", who=pickup.get("user") or "")
        case _:
            who = pickup.get("user") or words.gettext("Somebody")
            return words.gettext("{who} picks up after {wait}", who=who, wait=wait)


def _end(cause: str, words: Words) -> str:
    said = words.term("cause", cause)
    return words.gettext("Ended: {cause}", cause=cause) if said == cause else said
