"""The statistics of a generated month, against a count by hand."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from sidecar.calls.pages.statistics import Figures, report_on
from sidecar.store.calls.statistics import counted_calls, dialled_calls
from sidecar.store.calls.tables import call_agents, conversations
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Database
from sidecar.words.formats import moment
from tests.sidecar.store.calls.saved_calls import JANE, MAX, Seed, add_calls, missed, talked
from tests.sidecar.web.office import settle_in

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 10, 12, tzinfo=BERLIN).timestamp()  # the clocks change within this month
DAYS = 31


def by_hand(rows: list[Any]) -> Figures:
    """One plain loop over plain rows, written without a look at the code under test."""
    offered = len(rows)
    answered = [row for row in rows if row["answered_at"] is not None]
    waits = sorted(row["answered_at"] - row["started_at"] for row in answered)
    p90 = next((wait for position, wait in enumerate(waits, 1) if position * 10 >= 9 * len(waits)), None)
    going_on = {"ringing", "answered"}
    over = [row for row in answered if row["state"] not in going_on]
    in_time = [row for row in over if round(row["answered_at"] - row["started_at"], 3) <= 20]
    return Figures(
        offered=offered,
        ended=len([row for row in rows if row["state"] not in going_on]),
        answered=len(answered),
        missed=len([row for row in rows if row["state"] == "missed"]),
        in_time=len(in_time),
        median_wait=median(waits) if waits else None,
        p90_wait=p90,
        talked=sum(row["ended_at"] - row["answered_at"] for row in answered if row["ended_at"] is not None),
    )


def same(left: Figures, right: Figures) -> bool:
    counts = ("offered", "answered", "ended", "missed", "in_time")
    spans = ("median_wait", "p90_wait", "talked")
    return all(getattr(left, name) == getattr(right, name) for name in counts) and all(
        getattr(left, name) == pytest.approx(getattr(right, name), abs=1e-3) for name in spans
    )


@pytest.mark.parametrize("viewer", [Viewer(user_id=1), Viewer(user_id=JANE, only_own=True)], ids=["all", "own"])
def test_the_numbers_of_a_month_equal_a_count_by_hand(database: Database, viewer: Viewer) -> None:
    with database.writing() as connection:
        settle_in(connection, midnight=FIRST, days=DAYS + 2, calls=60)
        add_calls(
            connection, missed(started_at=FIRST + 5000, test=True), talked(started_at=FIRST + 5000, internal=True)
        )
        until = FIRST + DAYS * 86400
        report = report_on(
            counted_calls(connection, viewer, since=FIRST, until=until),
            dialled=dialled_calls(connection, viewer, since=FIRST, until=until),
            local=lambda at: moment(at, "Europe/Berlin"),
            within=20.0,
        )
        everything = [dict(row) for row in connection.execute(select(conversations)).mappings()]
        agents = defaultdict(set)
        for row in connection.execute(select(call_agents)):
            agents[row.conversation_id].add(row.agent_id)
    rows = [
        row
        for row in everything
        if FIRST <= row["started_at"] < until and row["direction"] == "in" and row["state"] != "blocked"
        and not row["test"] and not row["internal"] and (not viewer.only_own or JANE in agents[row["id"]])
    ]  # fmt: skip
    assert len(rows) > 300
    assert same(report.total, by_hand(rows))
    for hour, figures in report.by_hour.items():
        mine = [row for row in rows if datetime.fromtimestamp(row["started_at"], BERLIN).hour == hour]
        assert same(figures, by_hand(mine)), hour
    for day, figures in report.by_day.items():
        mine = [row for row in rows if str(datetime.fromtimestamp(row["started_at"], BERLIN).date()) == day]
        assert same(figures, by_hand(mine)), day
    for (weekday, hour), figures in report.by_weekday_and_hour.items():
        begun = [(row, datetime.fromtimestamp(row["started_at"], BERLIN)) for row in rows]
        assert same(figures, by_hand([row for row, at in begun if (at.weekday(), at.hour) == (weekday, hour)]))
    for line, figures in report.by_line.items():
        assert same(figures, by_hand([row for row in rows if row["line"] == line])), line
    for agent, figures in report.by_agent.items():
        rang = [row for row in rows if agent in agents[row["id"]]]
        theirs = by_hand([row for row in rang if row["agent_id"] == agent])
        missed_there = len([row for row in rang if row["state"] == "missed"])
        assert (figures.offered, figures.missed) == (len(rang), missed_there)
        assert (figures.answered, figures.in_time) == (theirs.answered, theirs.in_time)
        assert figures.talked == pytest.approx(theirs.talked, abs=1e-3)


def test_outbound_calls_are_counted_by_who_dialled_and_for_nothing_else(database: Database) -> None:
    dialled: dict[str, Any] = {"direction": "out", "started_at": FIRST + 60}
    span: dict[str, Any] = {"since": FIRST, "until": FIRST + 3600}
    with database.writing() as connection:
        add_calls(connection, talked(**dialled), talked(agent=(MAX, "Max Roe"), **dialled, state="not reached"))
        add_calls(connection, talked(**dialled, test=True), talked(**dialled, internal=True), Seed(**dialled))
        add_calls(connection, talked(direction="out", started_at=FIRST - 60), talked(started_at=FIRST + 60))
        assert dialled_calls(connection, Viewer(user_id=1), **span) == {JANE: 1, MAX: 1}
        assert dialled_calls(connection, Viewer(user_id=JANE, only_own=True), **span) == {JANE: 1}
        assert len(counted_calls(connection, Viewer(user_id=1), **span)) == 1
