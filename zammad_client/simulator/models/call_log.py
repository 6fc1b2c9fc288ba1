"""The caller log: one row per call, moved on by its events (docs/reference/zammad.md sections 1.1 and 1.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import phonenumbers

from .clock import stamp, stamp_or_none
from .refusals import Refusal, masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from zammad_client.records import Json
    from zammad_client.simulator.versions import Version

    from .recognition import Entry, NumberIndex

_REPAIRED_ROWS = 60


@dataclass(slots=True, kw_only=True)
class Row:
    id: int
    call_id: str
    direction: str
    state: str
    caller: str
    caller_comment: str | None
    callee: str
    callee_comment: str | None
    queue: str
    comment: str | None
    done: bool
    initialized_at: float
    updated_at: float
    start_at: float | None = None
    end_at: float | None = None
    waiting_time: int | None = None
    talking_time: int | None = None
    matches: list[Entry] = field(default_factory=list)  # of the caller (inbound) or the callee (outbound)

    def as_json(self) -> dict[str, Json]:
        pretty = {"from_pretty": _pretty(self.caller), "to_pretty": _pretty(self.callee)}
        side = "from" if self.direction == "in" else "to"
        found = {side: [entry.as_json() for entry in self.matches]} if self.matches else {}
        return {
            "id": self.id,
            "direction": self.direction,
            "state": self.state,
            "from": self.caller,
            "from_comment": self.caller_comment,
            "to": self.callee,
            "to_comment": self.callee_comment,
            "queue": self.queue,
            "call_id": self.call_id,
            "comment": self.comment,
            "initialized_at": stamp(self.initialized_at),
            "start_at": stamp_or_none(self.start_at),
            "end_at": stamp_or_none(self.end_at),
            "duration_waiting_time": self.waiting_time,
            "duration_talking_time": self.talking_time,
            "done": self.done,
            "preferences": {**found, **pretty},
            "created_at": stamp(self.initialized_at),
            "updated_at": stamp(self.updated_at),
            **pretty,
        }


class CallLog:
    def __init__(self, *, version: Version, index: NumberIndex, fullname: Callable[[int], str]) -> None:
        self._version = version
        self._index = index
        self._fullname = fullname
        self._rows: dict[int, Row] = {}
        self._by_call_id: dict[str, Row] = {}
        self._by_caller: dict[str, list[Row]] = {}
        self._last_id = 0

    def find(self, row_id: int) -> Row | None:
        return self._rows.get(row_id)

    def newest_first(self) -> Iterator[Row]:
        return reversed(self._rows.values())

    def clear(self) -> None:
        self._rows.clear()
        self._by_call_id.clear()
        self._by_caller.clear()

    def apply(self, event: Mapping[str, Json], now: float) -> Row | None:
        """The row as the event left it; None for an answer after the hangup.

        Raises: Refusal as the generic endpoint answers it.
        """
        match event.get("event"):
            case "newCall":
                return self._begin(event, now)
            case "answer":
                return self._answer(self._known(event), event, now)
            case "hangup":
                return self._hang_up(self._known(event), event, now)
            case _:
                raise masked(422)

    def adopt(self, number: str) -> None:
        """A number became known: its newest inbound rows get their matches, not their comment."""
        for row in self._by_caller.get(number, ())[-_REPAIRED_ROWS:]:
            row.matches = self._index.matches(number)

    def _begin(self, event: Mapping[str, Json], now: float) -> Row:
        for name, column in (("callId", "call_id"), ("from", "from"), ("to", "to")):
            if not event.get(name):
                raise Refusal(422, f"Attribute '{column}\" of relation \"cti_logs' required!")
        if _text(event, "callId", 250) in self._by_call_id:
            raise Refusal(500, self._version.exists)
        row = self._new_row(event, now)
        self._last_id = row.id
        self._rows[row.id] = self._by_call_id[row.call_id] = row
        if row.direction == "in":
            self._by_caller.setdefault(row.caller, []).append(row)
        return row

    def _new_row(self, event: Mapping[str, Json], now: float) -> Row:
        inbound = event["direction"] == "in"
        caller, callee = _text(event, "from", 100), _text(event, "to", 100)
        matches = self._index.matches(caller if inbound else callee)
        name, known = self._names(matches)
        ours, queue = _user(event), _text(event, "queue", 250)
        if inbound:
            ours = ours or queue or None
        return Row(
            id=self._last_id + 1,
            call_id=_text(event, "callId", 250),
            direction=str(event["direction"]),
            state="newCall",
            caller=caller,
            caller_comment=name if inbound else ours,
            callee=callee,
            callee_comment=ours if inbound else name,
            queue=queue or (callee if inbound else caller),
            comment=_cause(event),
            done=not inbound,
            initialized_at=now,
            updated_at=now,
            matches=known,
        )

    def _names(self, matches: list[Entry]) -> tuple[str | None, list[Entry]]:
        names = ",".join(name for entry in matches if (name := self._fullname(entry.user_id)))
        if not names:
            return None, matches if self._version.nameless_known else []
        return names if matches[0].level == "known" else f"maybe {names}", matches

    def _known(self, event: Mapping[str, Json]) -> Row:
        row = self._by_call_id.get(str(event.get("callId") or ""))  # looked for whole, kept cut
        if row is None:
            raise masked(500)
        return row

    def _answer(self, row: Row, event: Mapping[str, Json], now: float) -> Row | None:
        if isinstance(event.get("user"), list):
            raise masked(500)
        if row.state == "hangup":
            return None
        row.state = "answer"
        row.start_at = row.updated_at = now
        row.waiting_time = int(now) - int(row.initialized_at)
        row.callee_comment = _user(event) or row.callee_comment
        row.done = True
        row.comment = _cause(event)
        return row

    def _hang_up(self, row: Row, event: Mapping[str, Json], now: float) -> Row:
        inbound = event["direction"] == "in"
        missed = row.state == "newCall" and event.get("cause") != "forwarded"
        row.done = not (inbound and (missed or row.callee_comment == "voicemail"))
        row.state = "hangup"
        row.end_at = row.updated_at = now
        if row.start_at is not None:
            row.talking_time = int(now) - int(row.start_at)
        elif row.waiting_time is None:
            row.waiting_time = int(now) - int(row.initialized_at)
        row.comment = _cause(event)
        return row


def _text(event: Mapping[str, Json], name: str, longest: int) -> str:
    value = event.get(name)
    return "" if value is None else str(value)[:longest]


def _user(event: Mapping[str, Json]) -> str | None:
    user = event.get("user")
    return (", ".join(map(str, user)) if isinstance(user, list) else str(user or ""))[:250] or None


def _cause(event: Mapping[str, Json]) -> str | None:
    return _text(event, "cause", 500) or None


@lru_cache(maxsize=4096)
def _pretty(number: str) -> str:
    try:
        parsed = phonenumbers.parse("+" + number.removeprefix("+"), None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
