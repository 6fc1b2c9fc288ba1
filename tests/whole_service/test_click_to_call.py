"""Click to call across real processes: one POST to sipgate, whichever of them dies or answers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import anyio
import httpx
import pytest

from sidecar.sipgate.people import kept_people
from sidecar.store.database import Database
from sipgate_client.simulator import SimulatedSipgate
from sipgate_client.simulator.server import running as running_sipgate
from tests.process import ServedProcess
from tests.service import environ_of, prepared
from tests.sidecar.web.service import ZAMMAD_COOKIE
from tests.waiting import PATIENCE, until
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio

JANE = 4  # w0, whose telephone is e0
ASKED = "/sidecar/dial?number=%2B491713920010"


class SlowSipgate:
    """An account whose telephones ring at once, and whose answer to that waits."""

    def __init__(self) -> None:
        self.account = SimulatedSipgate()
        self.account.on_call = lambda _device, _callee, _session_id: self._wait()
        self.rings, self.may_answer = Event(), Event()

    def _wait(self) -> None:
        self.rings.set()
        assert self.may_answer.wait(PATIENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    sim: Simulator
    environ: Mapping[str, str]
    folder: Path

    @contextmanager
    def process(self, name: str) -> Iterator[ServedProcess]:
        process = ServedProcess({**self.environ, "SIDECAR_DATABASE__JOURNAL": f"{name}.db"}, self.folder, name=name)
        process.begin()
        try:
            process.wait_until_ready()
            yield process
        finally:
            if process.runs:
                process.kill()


@contextmanager
def office(slow: SlowSipgate, database_url: str, folder: Path) -> Iterator[Office]:
    sim = prepared(Simulator())
    with running(sim) as url, running_sipgate(slow.account) as sipgate_url:
        environ = environ_of(
            sim,
            url,
            database_url,
            SIDECAR_SIPGATE__API__URL=sipgate_url,
            SIDECAR_SIPGATE__API__TOKEN_ID=slow.account.token_id,
            SIDECAR_SIPGATE__API__TOKEN=slow.account.token,
        )
        try:
            yield Office(sim=sim, environ=environ, folder=folder)
        finally:
            slow.may_answer.set()


@asynccontextmanager
async def browser_of_jane(
    there: Office, process: ServedProcess, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """Signed in, with telephones to choose from."""
    headers = {"Accept": "text/html", "Accept-Language": "en", "Origin": process.url}
    async with httpx.AsyncClient(base_url=process.url, headers=headers, trust_env=False, timeout=PATIENCE) as browser:
        browser.cookies.set(ZAMMAD_COOKIE, there.sim.log_in(JANE), domain="127.0.0.1")

        async def is_in() -> bool:
            return (await browser.get("/sidecar/sign-in")).status_code == httpx.codes.SEE_OTHER

        await until(is_in)
        await until(lambda: database.read(kept_people))
        await until(lambda: _offers_phone(browser))
        yield browser


async def _offers_phone(browser: httpx.AsyncClient) -> bool:
    return "Nina desk" in (await browser.get(ASKED)).text


async def form_in(browser: httpx.AsyncClient) -> dict[str, str]:
    """What the button of the page sends."""
    html = (await browser.get(ASKED)).text.partition('action="/sidecar/dial"')[2]
    return {**dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html)), "phone": "e0"}


async def test_a_process_killed_between_the_click_and_the_answer_never_dials_again(
    database_url: str, tmp_path: Path
) -> None:
    slow, answered = SlowSipgate(), list[int]()
    with (
        office(slow, database_url, tmp_path) as there,
        closing(Database(database_url)) as database,
        there.process("dialling") as process,
    ):
        async with browser_of_jane(there, process, database) as browser, anyio.create_task_group() as clicks:
            form = await form_in(browser)
            clicks.start_soon(_click, browser, form, answered)
            assert await anyio.to_thread.run_sync(slow.rings.wait, PATIENCE)
            process.kill()
        assert not answered
        slow.may_answer.set()
        await anyio.to_thread.run_sync(process.start)
        async with browser_of_jane(there, process, database) as browser:
            again = {**await form_in(browser), "key": form["key"]}
            for _ in range(2):
                await _click(browser, again, answered)
            assert (await browser.get(f"/sidecar/dial/{form['key']}")).is_success
    assert len(slow.account.calls) == len(_asked_to_ring(slow.account)) == 1


async def test_two_replicas_clicked_at_the_same_moment_ring_once(postgres_url: str, tmp_path: Path) -> None:
    """The same page, sent to both of them while sipgate still thinks about the first."""
    slow, answered = SlowSipgate(), list[int]()
    with (
        office(slow, postgres_url, tmp_path) as there,
        closing(Database(postgres_url)) as database,
        there.process("one") as one,
        there.process("other") as other,
    ):
        async with browser_of_jane(there, one, database) as here, browser_of_jane(there, other, database) as elsewhere:
            form = await form_in(here)
            form_there = {**await form_in(elsewhere), "key": form["key"]}
            async with anyio.create_task_group() as clicks:
                for _ in range(3):
                    clicks.start_soon(_click, here, form, answered)
                    clicks.start_soon(_click, elsewhere, form_there, answered)
                await until(lambda: len(answered) == 5)
                slow.may_answer.set()
            shown = [(await browser.get(f"/sidecar/dial/{form['key']}")).text for browser in (here, elsewhere)]
    assert len(slow.account.calls) == len(_asked_to_ring(slow.account)) == 1
    assert all("Nina desk rings" in page for page in shown)


async def _click(browser: httpx.AsyncClient, form: Mapping[str, str], answered: list[int]) -> None:
    try:
        answer = await browser.post("/sidecar/dial", data=form)
    except httpx.TransportError:
        return  # whoever would have answered was killed
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
    answered.append(answer.status_code)


def _asked_to_ring(account: SimulatedSipgate) -> list[str]:
    """A request is noted before it is worked on."""
    return [asked.path for asked in account.requests if asked.method == "POST"]
