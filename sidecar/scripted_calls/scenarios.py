"""Calls by name, for a rehearsal with a sidecar that is running."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sidecar.scripted_calls.script import Colleague, Script, Step, answered, missed, placed, to_voicemail, transferred

OUTSIDE = "493023125998"  # of the range German authorities keep free for films: nobody has it
OWN = "493023125000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`caller`: who calls where nothing else is said; None: somebody the block list names."""

    what: str
    steps: Callable[[Colleague, Colleague], tuple[Step, ...]]
    direction: Literal["in", "out"] = "in"
    caller: str | None = OUTSIDE

    def script(self, *, outside: str, first: Colleague, second: Colleague) -> Script:
        inbound = self.direction == "in"
        return Script(
            direction=self.direction,
            caller=outside if inbound else OWN,
            callee=OWN if inbound else outside,
            steps=self.steps(first, second),
        )


SCENARIOS = {
    "simple": Scenario(what="answered by the agent", steps=lambda first, _second: answered(first, by=first)),
    "missed": Scenario(
        what="nobody answers",
        steps=lambda first, _second: missed(first, cause="noAnswer"),  # however short it rings, no short ring
    ),
    "group": Scenario(
        what="two phones ring, the second agent answers", steps=lambda one, two: answered(one, two, by=two)
    ),
    "voicemail": Scenario(what="goes on to the voicemail", steps=lambda first, _second: to_voicemail(first)),
    "transfer": Scenario(what="handed over to the second agent", steps=transferred),
    "blocked": Scenario(
        what="from a number of the block list", steps=lambda first, _second: missed(first), caller=None
    ),
    "anonymous": Scenario(
        what="from a withheld number", steps=lambda first, _second: answered(first, by=first), caller="anonymous"
    ),
    "outbound": Scenario(what="the agent calls somebody", steps=lambda first, _second: placed(first), direction="out"),
}
