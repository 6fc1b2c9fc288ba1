"""The story of a call in words: what rang where, who picked up when, how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sidecar.web.speech import Speech
from sidecar.web.words import WORDS

Leg = Mapping[str, Any]  # calls.legs.Leg as stored: without what is empty


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    at: float
    kind: str  # ring | dial | answer | machine | end | blocked: how it is drawn
    words: str
    in_english: str = ""  # goes on with this, whatever the language


def story_lines(legs: Sequence[Leg], speech: Speech) -> list[StoryLine]:
    """In the order of time."""
    lines = [line for leg in legs for line in _lines_of(leg, speech)]
    return sorted(lines, key=lambda line: line.at)


def _lines_of(leg: Leg, s: Speech) -> Iterator[StoryLine]:
    began_at = leg["began_at"]
    yield _beginning(leg, s)
    if leg.get("rejected"):
        yield StoryLine(at=began_at, kind="blocked", words=s("story.blocked"), in_english=leg["rejected"])
    for pickup in leg.get("pickups", ()):
        yield _pickup(pickup, began_at, s)
    if leg.get("hung_up_at") is not None:
        cause = leg.get("cause") or "normalClearing"
        known = f"cause.{cause}"
        words = s(known) if known in WORDS else s("cause.other", cause=cause)
        yield StoryLine(at=leg["hung_up_at"], kind="end", words=words)


def _beginning(leg: Leg, s: Speech) -> StoryLine:
    users = ", ".join(leg.get("users", ()))
    line, other = s.phone(leg.get("callee")), s.phone(leg.get("caller"))
    if leg.get("direction") == "out":
        words = s("story.dials", who=users or other, number=line)
        return StoryLine(at=leg["began_at"], kind="dial", words=words)
    if users.casefold() == "voicemail":
        return StoryLine(at=leg["began_at"], kind="ring", words=s("story.to_voicemail"))
    rings = s("story.rings", who=users) if users else s("story.rings_at", line=line)
    diverted = f" ({s('story.diverted', line=s.phone(leg['diversion']))})" if leg.get("diversion") else ""
    return StoryLine(at=leg["began_at"], kind="ring", words=rings + diverted)


def _pickup(pickup: Mapping[str, Any], began_at: float, s: Speech) -> StoryLine:
    wait = s.span(pickup["at"] - began_at)
    match pickup["taker"]:
        case "machine":
            return StoryLine(at=pickup["at"], kind="machine", words=s("story.voicemail", wait=wait))
        case "queue":
            return StoryLine(at=pickup["at"], kind="machine", words=s("story.queue", who=pickup.get("user") or ""))
        case _:
            who = pickup.get("user") or s("story.somebody")
            return StoryLine(at=pickup["at"], kind="answer", words=s("story.picks_up", who=who, wait=wait))
