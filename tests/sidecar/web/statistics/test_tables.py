"""A click on a figure shows exactly the calls it counts."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.sidecar.store.calls.saved_calls import JANE, LINE, MAX, Seed
from tests.sidecar.web.service import Service

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 86_400.0
LINKED = re.compile(r'<a href="/sidecar/\?([^"]*counted=[^"]*)">([^<]*)</a>')
OF_THE_MAP = re.compile(r'title="([\d.,]+) offered, ([\d.,]+) missed"><a href="/sidecar/\?([^"]*)">')
ENDINGS = ("ended", "ended", "missed", "missed", "answered", "ringing", "unknown", "blocked")
AGENTS = {JANE: "Jane Doe", MAX: "Max Roe"}


def some_calls(chance: random.Random, midnight: float, count: int) -> Iterator[Seed]:
    """Of two days and the nights around them."""
    for _ in range(count):
        state = chance.choice(ENDINGS)
        agent = chance.choice(list(AGENTS))
        talked = state in {"ended", "answered"}
        yield Seed(
            state=state,
            direction=chance.choice(["in", "in", "in", "out"]),
            line=chance.choice([LINE, LINE, "493023125099", "493023125099", ""]),
            agent=(agent, AGENTS[agent]) if talked else None,
            agents=chance.choice([(agent,), (JANE, MAX), ()]),
            answered=chance.choice([3.0, 20.0, 20.5, 90.0]) if talked else None,
            started_at=midnight - 3600 + chance.randrange(int(2 * DAY) + 7200),
            test=chance.random() < 0.1,
            internal=chance.random() < 0.1,
            extra=chance.choice([{}, {}, {"waiting": None}, {"short_ring": True} if state == "missed" else {}]),
        )


def figures_on(page: str) -> Iterator[tuple[str, int]]:
    """Addresses with as many calls as they should lead to."""
    for query, figure in LINKED.findall(page):
        if figure.isdecimal() and "weekday=" not in query:
            yield unescape(query), int(figure)
    for offered, missed, query in OF_THE_MAP.findall(page):
        yield unescape(query), int(missed if "counted=missed" in query else offered)


def calls_at(browser: httpx.Client, query: str) -> int:
    return len(browser.get(f"/calls.csv?{query}").raise_for_status().text.splitlines()) - 1


@pytest.mark.parametrize("day", ["2026-10-25", "2026-03-29", "2026-06-10"])  # clocks go back, go forward, stay
def test_a_figure_leads_to_as_many_calls_as_it_says(service: Service, day: str) -> None:
    midnight = datetime.fromisoformat(day).replace(tzinfo=BERLIN).timestamp()
    service.later = midnight + 3 * DAY - time.time()
    service.calls(*some_calls(random.Random(day), midnight, 120))
    span = f"since={day}&until={datetime.fromtimestamp(midnight + 1.6 * DAY, BERLIN).date()}"
    with service.signed_in(JANE) as browser:
        pages = [browser.get(f"/statistics?{span}&map={view}").text for view in ("offered", "missed")]
        figures = dict(figure for page in pages for figure in figures_on(page))
        assert len(figures) > 60
        led_to = {query: calls_at(browser, query) for query in figures}
    assert led_to == figures
