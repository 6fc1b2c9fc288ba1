"""An hour without the service and fifty calls in it: what sipgate's history fills in is what hooks would have told.

Real processes whose time is the test's, so that the hour takes seconds.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from sidecar.sipgate.gaps import kept_progress
from sidecar.store.database import Database
from sipgate_client.simulator import SimulatedSipgate
from sipgate_client.simulator.server import running as running_sipgate
from tests.process import ServedProcess, SharedClock
from tests.service import environ_of, prepared
from tests.waiting import PATIENCE, until
from tests.whole_service.history.calls import BLOCKED, CALLS, T0, Hook, message_of
from tests.whole_service.history.pages import FROM_HISTORY, Seen, count_of_calls, seen, signed_in
from tests.whole_service.reliability.watching import all_is_over, nothing_left_to_do, until_in
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio

GONE_AT, BACK_AT = T0 + 20.0, T0 + 3620.0
AGENTS = [{"remote_user_id": "w0", "user_id": "4"}, {"remote_user_id": "w1", "user_id": "max@example.com"}]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A service with its parties."""

    sim: Simulator
    sipgate: SimulatedSipgate
    clock: SharedClock
    process: ServedProcess
    database: Database
    phone: httpx.AsyncClient

    async def post(self, hook: Hook, at: float) -> None:
        self.clock.set(at)
        path = f"/api/v1/sipgate/{self.sim.sipgate_token}/{hook.direction}"
        assert (await self.phone.post(f"{self.process.url}{path}", data=hook.form)).is_success

    def remember(self, *numbers: int) -> None:
        """These calls stand in sipgate's history from now on."""
        for call in (CALLS[number] for number in numbers):
            self.sipgate.add_call(**call.entry)
            if message := message_of(call):
                self.sipgate.add_voicemail(base_url="https://recordings.example", **message)

    async def until_over(self, at: float) -> None:
        await until_in(self.database, nothing_left_to_do)
        self.clock.set(at)
        await until_in(self.database, all_is_over)


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    clock = SharedClock(T0)
    block = {"block_caller_ids": [{"caller_id": BLOCKED, "note": "spam"}]}
    sim = prepared(Simulator(clock=clock), user_remote_map=AGENTS, view_limit=500, inbound=block)
    sipgate = SimulatedSipgate()
    database_url = f"sqlite:///{folder / 'sidecar.db'}"
    with running(sim) as url, running_sipgate(sipgate) as sipgate_url, closing(Database(database_url)) as database:
        environ = environ_of(
            sim,
            url,
            database_url,
            SIDECAR_SIPGATE__API__URL=sipgate_url,
            SIDECAR_SIPGATE__API__TOKEN_ID=sipgate.token_id,
            SIDECAR_SIPGATE__API__TOKEN=sipgate.token,
            SIDECAR_CALLS__LOG_BLOCKED_CALLS="true",
            SIDECAR_ZAMMAD__TIMEOUT=str(
                PATIENCE
            ),  # an answer that was lost is told otherwise, and this is about others
        )
        process = ServedProcess(environ, folder, clock=clock)
        await anyio.to_thread.run_sync(process.start)
        try:
            await until(lambda: database.read(kept_progress))
            async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as phone:
                yield House(sim=sim, sipgate=sipgate, clock=clock, process=process, database=database, phone=phone)
        finally:
            if process.runs:
                process.kill()


async def without_outage(there: House) -> Seen:
    hooks = sorted((hook for call in CALLS for hook in call.hooks), key=lambda hook: hook.at)
    for hook in hooks:
        await there.post(hook, hook.at)
    await there.until_over(BACK_AT + 100.0)
    there.remember(*range(len(CALLS)))
    await _looked_again(there)
    return await _seen(there)


async def with_outage(there: House) -> Seen:
    """The first call is going on when the service is killed, the last one when it is back."""
    for hook in CALLS[0].hooks:
        if hook.at < GONE_AT:
            await there.post(hook, hook.at)
    there.clock.set(GONE_AT)
    await until_in(there.database, nothing_left_to_do)
    there.process.kill()
    there.clock.set(BACK_AT)
    there.remember(*range(len(CALLS) - 1))
    await anyio.to_thread.run_sync(there.process.start)
    await until(lambda: _are_known(there, len(CALLS) - 1))
    there.remember(len(CALLS) - 1)
    there.clock.set(BACK_AT + 150.0)
    await until(lambda: _are_known(there, len(CALLS)))
    await there.until_over(BACK_AT + 160.0)
    await _looked_again(there)
    return await _seen(there)


async def _are_known(there: House, count: int) -> bool:
    async with signed_in(there.process.url, there.sim) as browser:
        return await count_of_calls(browser) >= count


async def _looked_again(there: House) -> None:
    """At the whole history, with all of the hooks there."""
    asked = len(there.sipgate.requests)
    there.clock.set(there.clock() + 1000.0)
    await until(lambda: len([each for each in there.sipgate.requests[asked:] if each.path.endswith("/history")]) >= 2)
    await there.until_over(there.clock() + 10.0)


async def _seen(there: House) -> Seen:
    async with signed_in(there.process.url, there.sim) as browser:
        await until(lambda: _has_marked_rows(browser))
        return await seen(browser)


async def _has_marked_rows(browser: httpx.AsyncClient) -> bool:
    """Those in Zammad's log of the two missed calls that were answered later; a job does it."""
    return len(re.findall("In Zammad's log: 1 marked done", unescape((await browser.get("/sidecar/missed")).text))) >= 2


def zammads_rows(sim: Simulator) -> dict[str, tuple[Any, ...]]:
    """Without its times, and without whose phones rang where nobody answered. One row for each call."""
    rows = {row["call_id"]: row for row in sim.call_log}
    assert len(rows) == len(sim.call_log)
    kept = ("direction", "state", "from", "from_comment", "to", "comment", "done")
    unanswered = {call.name for call in CALLS if call.kind in {"missed", "withheld", "busy"}}
    by_whom = {name: None if name in unanswered else row["to_comment"] for name, row in rows.items()}
    return {name: (*(row[each] for each in kept), by_whom[name]) for name, row in rows.items()}


async def test_after_an_hour_of_outage_pages_and_zammads_log_show_the_same_calls(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("told", "filled")]
    for folder in folders:
        folder.mkdir()
    async with house(folders[0]) as there:
        told, rows_told = await without_outage(there), zammads_rows(there.sim)
    async with house(folders[1]) as there:
        filled, rows_filled = await with_outage(there), zammads_rows(there.sim)
        assert {opened.call_id for opened in there.sim.opened} == {CALLS[0].name}, "no dialog afterwards"
        await late_hooks(there)
        after, rows_after = await _seen(there), zammads_rows(there.sim)
        assert {opened.call_id for opened in there.sim.opened} == {CALLS[0].name}
    assert len(told.calls) == len(rows_told) == len(CALLS)
    assert filled.calls == told.calls
    assert filled.stories == told.stories
    assert filled.missed == told.missed
    for name, row in rows_told.items():
        assert rows_filled[name] == row, name
    assert_same_figures(filled, told)
    assert after.calls == filled.calls, "late hooks change nothing"
    assert (after.stories, after.missed) == (filled.stories, filled.missed)
    assert rows_after == rows_filled
    assert_same_figures(after, told)


async def late_hooks(there: House) -> None:
    """All of them, when nobody expects them any more."""
    for call in CALLS:
        for hook in call.hooks:
            await there.post(hook, there.clock() + 1.0)
    await there.until_over(there.clock() + 200.0)


def assert_same_figures(filled: Seen, told: Seen) -> None:
    """But for ringing and whose phones rang, of which is said that it is not known."""
    assert "from sipgate's history, which knows no ringing" in filled.statistics
    assert FROM_HISTORY not in told.statistics
    known = [place for place, tile in enumerate(told.tiles) if "wait" not in tile and "Answered in" not in tile]
    assert [filled.tiles[place] for place in known] == [told.tiles[place] for place in known]
    assert len(known) == len(("Offered", "Answered", "Missed", "Talk time"))
    assert filled.lines == told.lines
    assert [(row[0], row[2], *row[4:]) for row in filled.agents] == [(row[0], row[2], *row[4:]) for row in told.agents]
