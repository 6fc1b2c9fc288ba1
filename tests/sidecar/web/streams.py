"""Server-sent events as a browser reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    name: str
    data: str
    id: str | None


@contextmanager
def open_stream(
    browser: httpx.Client, topic: str, *, after: int = 0, last_event_id: str | None = None, **filters: str
) -> Iterator[Iterator[Event]]:
    """The events from now on; the first answer has come when the block begins."""
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_event_id} if last_event_id else {})
    query = {"topic": topic, "after": str(after), **filters}
    with browser.stream("GET", "/events", params=query, headers=headers) as answer:
        assert answer.status_code == 200, answer.status_code
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield events_in(answer.iter_lines())


def events_in(lines: Iterator[str]) -> Iterator[Event]:
    fields: dict[str, list[str]] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields.setdefault(name.rstrip(":"), []).append(value)
        elif fields:
            if "event" in fields:
                number = fields.get("id", [None])[0]
                yield Event(name=fields["event"][0], data="\n".join(fields.get("data", [])), id=number)
            fields = {}


def next_events(events: Iterator[Event], wanted: str) -> list[Event]:
    """All up to the position that follows the first one of this name; those of this name."""
    found: list[Event] = []
    for event in events:
        if event.name == wanted:
            found.append(event)
        if found and event.id is not None:
            return found
    return found


def events_until(events: Iterator[Event], wanted: str) -> list[Event]:
    """All before the first one of this name."""
    found: list[Event] = []
    for event in events:
        if event.name == wanted:
            return found
        found.append(event)
    return found
