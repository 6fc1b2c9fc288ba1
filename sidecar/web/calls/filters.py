"""What stands in the URL of the list of calls, so that a search can be kept as a bookmark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from urllib.parse import urlencode

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.counted import Counted, Figure
from sidecar.calls.pages.search import CallSearch, terms_of
from sidecar.web.days import day_written, end_of, hours_of, midnight
from sidecar.web.inputs import whole_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """As written; what cannot be understood is no condition."""

    q: str = ""
    state: str = ""
    direction: str = ""
    agent: str = ""
    line: str = ""
    since: str = ""  # ISO date, included
    until: str = ""  # ISO date, included
    counted: str = ""  # these five: the calls of a figure of the statistics
    waited: str = ""  # seconds
    hour: str = ""
    weekday: str = ""  # Monday is 0
    rang: str = ""  # id of an agent

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        return cls(**{field.name: query.get(field.name, "").strip()[:200] for field in fields(cls)})

    def search(self, zone: str, country: str) -> CallSearch:
        since, until = day_written(self.since), day_written(self.until)
        return CallSearch(
            terms=terms_of(self.q, country),
            state=State(self.state) if self.state in list(State) else None,
            direction=self.direction if self.direction in {"in", "out"} else None,
            line=self.line or None,
            agent_id=whole_number(self.agent),
            since=midnight(since, zone) if since else None,
            until=end_of(until, zone) if until else None,
            figure=self._figure(zone, since, until),
        )

    @property
    def of_figure(self) -> bool:
        """Whether it is a figure of the statistics that led here."""
        return any((self.counted, self.waited, self.hour, self.weekday, self.rang))

    def _figure(self, zone: str, since: date | None, until: date | None) -> Figure | None:
        if not self.of_figure:
            return None
        return Figure(
            counted=Counted(self.counted) if self.counted in list(Counted) else None,
            waited=_seconds(self.waited),
            rang=whole_number(self.rang),
            times=hours_of(since, until, zone, hour=whole_number(self.hour), weekday=whole_number(self.weekday)),
        )

    def query(self, **more: object) -> str:
        """For an address: only what is set."""
        return urlencode({name: value for name, value in {**asdict(self), **more}.items() if value not in ("", None)})

    def __bool__(self) -> bool:
        return any(asdict(self).values())


def _seconds(written: str) -> float | None:
    """With a fraction, as the service level may have one."""
    whole, _, fraction = written.partition(".")
    return None if whole_number(whole) is None or not f"0{fraction}".isdecimal() else float(f"{whole}.{fraction}")
