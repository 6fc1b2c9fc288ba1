"""The pages on a real port beside a simulated Zammad, as tests and benchmarks hold them in their hands."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from rest_transport.trust import authorities
from sidecar.calls.conversation.conversation import Habits
from sidecar.calls.rules.agents import Agent
from sidecar.calls.rules.rules import ZammadSettings
from sidecar.check.checkup import Checkup
from sidecar.config import Settings, load
from sidecar.follow_up.callers import Callers
from sidecar.http.server import HttpServer
from sidecar.readiness import Readiness
from sidecar.scripted_calls.inner_line import InnerLine
from sidecar.sipgate.service import SipgateSide
from sidecar.store.database import Database
from sidecar.sync.intake import Intake
from sidecar.sync.records import Reader
from sidecar.sync.rules_in_force import RulesInForce
from sidecar.tickets.customers import Customers
from sidecar.tickets.notes import CallNotes
from sidecar.tickets.service import CallWork
from sidecar.web import Contact, Live, Rights, Trust, WebOptions, parts_of, web_app
from sidecar.web.live.office import Office
from sidecar.web.workings import Workings
from tests.sidecar.calls.rules.rule_settings import rules_of_config
from tests.sidecar.store.calls.saved_calls import Seed, add_calls, change_call
from tests.waiting import PATIENCE
from zammad_client import Zammad
from zammad_client.oauth import OAuthProvider
from zammad_client.simulator import Simulator
from zammad_client.simulator.listener import Listener, listening_on
from zammad_client.simulator.server import running

ZAMMAD_COOKIE = "_zammad_session_sim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    restrict_to_own: bool = False
    oauth: bool = False
    session_seconds: float = 3600.0
    environ: Mapping[str, str] = field(default_factory=dict)


class Service:
    """Opens and closes on one port as often as wanted. `clock` can be moved on."""

    def __init__(self, sim: Simulator, zammad_url: str, database: Database, wanted: Wanted) -> None:
        self.sim = sim
        self.zammad_url = zammad_url
        self.database = database
        self.later = 0.0  # seconds the clock is ahead
        self._port = 0
        self._wanted = wanted
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._application = sim.oauth.register("sidecar", "") if wanted.oauth else None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.live: Live | None = None
        self.rights: Rights | None = None
        self.rules: RulesInForce

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/sidecar"

    def clock(self) -> float:
        return time.time() + self.later

    def open(self) -> None:
        listening = listening_on("127.0.0.1", self._port)
        self._port = listening.getsockname()[1]
        if self._application is not None:  # the port is known only now
            registered = replace(self._application, redirect_uri=f"{self.url}/sign-in/done")
            self.sim.oauth._applications[registered.client_id] = registered
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(listening, ready)), daemon=True)
        self._thread.start()
        if not ready.wait(PATIENCE):
            raise RuntimeError("the service has not come up")

    def close(self) -> None:
        if self._thread is None or self._server is None:
            return
        self._server.stop()
        self._thread.join()
        self._thread = None

    async def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        self.loop = asyncio.get_running_loop()
        zammad = Zammad(url=self.zammad_url, token=self.sim.tokens.service)
        oauth = self._provider()
        self.rights = Rights(zammad=zammad, database=self.database, clock=self.clock)
        await self.rights.refresh()
        trust, workings, options = Trust(self.clock), self._workings(zammad), self._options()
        self.live = Live(
            database=self.database,
            rights=self.rights,
            trust=trust,
            contact=Contact(database=self.database, clock=self.clock, every=10.0),
            office=Office(workings.rules, presence=options.presence),
            clock=self.clock,
        )
        parts = parts_of(
            database=self.database,
            zammad=zammad,
            rights=self.rights,
            live=self.live,
            trust=trust,
            options=options,
            clock=self.clock,
            workings=workings,
            work=self._work(zammad),
            oauth=oauth,
        )
        app = Starlette(routes=[Mount("/sidecar", app=web_app(parts))])
        config = uvicorn.Config(app, log_config=None, lifespan="off", access_log=False)
        self._server = _Server(config, before_draining=self.live.close)
        self._server.accepting = ready
        live = asyncio.create_task(self.live.run())
        await self._server.serve([listening])
        live.cancel()
        await asyncio.gather(live, return_exceptions=True)
        await zammad.aclose()
        if oauth:
            await oauth.aclose()

    def _work(self, zammad: Zammad) -> CallWork:
        callers = Callers(country="DE", clock=self.clock)
        intake = Intake(
            database=self.database,
            reader=Reader(country="DE"),
            now=self.clock,
            on_numbers_changed=callers.numbers_changed,
        )
        notes = CallNotes(zammad=zammad, database=self.database, clock=self.clock, count=lambda *_: None, doubt=1.0)
        customers = Customers(
            zammad=zammad, database=self.database, country="DE", learn=intake.take_users, clock=self.clock
        )
        return CallWork(notes=notes, customers=customers)

    def _workings(self, zammad: Zammad) -> Workings:
        """Of a process that takes no hooks."""
        intake = Intake(database=self.database, reader=Reader(country="DE"), now=self.clock)
        rules = RulesInForce(zammad=zammad, database=self.database, intake=intake, country="DE", now=self.clock)
        self.rules = rules
        settings = self._settings()
        return Workings(
            readiness=_ready,
            rules=rules,
            habits=Habits(),
            checkup=Checkup(settings=settings, clock=self.clock),
            sipgate=SipgateSide(settings, database=self.database, clock=self.clock),
            line=InnerLine(door=Starlette(), token=lambda: None),
            send=lambda: None,
        )

    def _settings(self) -> Settings:
        environ = {"SIDECAR_ZAMMAD__URL": self.zammad_url, "SIDECAR_ZAMMAD__TOKEN": self.sim.tokens.service}
        return load(None, environ | dict(self._wanted.environ))

    def _options(self) -> WebOptions:
        return WebOptions(
            dials=self._settings().sipgate.api.is_used,
            zammad_url=self.zammad_url,
            restrict_to_own=self._wanted.restrict_to_own,
            session_seconds=self._wanted.session_seconds,
        )

    def _provider(self) -> OAuthProvider | None:
        if self._application is None:
            return None
        return OAuthProvider(
            url=self.zammad_url, client_id=self._application.client_id, client_secret=self._application.secret
        )

    # what happens at the telephones

    def calls(self, *seeds: Seed) -> list[int]:
        with self.database.writing() as connection:
            ids = add_calls(connection, *seeds, now=self.clock())
        self.wake()
        return ids

    def calls_while_closed(self, *seeds: Seed) -> list[int]:
        """What another replica would write."""
        with self.database.writing() as connection:
            return add_calls(connection, *seeds, now=self.clock())

    def change(self, number: int, seed: Seed) -> None:
        with self.database.writing() as connection:
            change_call(connection, number, seed, now=self.clock())
        self.wake()

    def staff(self, *agents: Agent) -> None:
        """Who answers the phones."""
        self.rules.rules = rules_of_config({}, agents)

    def poll(self) -> None:
        """Reads Zammad's settings and agents."""
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self.rules.refresh(), self.loop).result(PATIENCE)

    def filter_log(self, *rows: tuple[str, list[int]]) -> None:
        """Zammad's Caller Log Filter: queues and the agents they are for."""
        notify_map = [{"queue": queue, "user_ids": [str(each) for each in users]} for queue, users in rows]
        self.rules.settings = settings_of({"notify_map": notify_map})

    def reload_outdated(self) -> None:
        """What happens with every beat."""
        assert self.loop is not None
        assert self.live is not None
        asyncio.run_coroutine_threadsafe(self.live.reload_outdated(), self.loop).result(PATIENCE)

    def wake(self) -> None:
        assert self.loop is not None
        assert self.live is not None
        self.loop.call_soon_threadsafe(self.live.wake)

    def refresh_rights(self) -> None:
        assert self.loop is not None
        assert self.rights is not None
        asyncio.run_coroutine_threadsafe(self.rights.refresh(), self.loop).result(PATIENCE)

    def dismiss_strangers(self) -> None:
        """What happens with every beat."""
        assert self.loop is not None
        assert self.live is not None
        asyncio.run_coroutine_threadsafe(self.live._dismiss_strangers(), self.loop).result(PATIENCE)

    # who looks on

    @contextmanager
    def browser(self, user_id: int | None = None) -> Iterator[httpx.Client]:
        """A browser in which this person is signed in to Zammad, with the same host's cookies."""
        headers = {"Accept": "text/html", "Accept-Language": "en"}
        with httpx.Client(
            base_url=self.url, headers=headers, timeout=PATIENCE, trust_env=False, verify=authorities()
        ) as client:
            if user_id is not None:
                client.cookies.set(ZAMMAD_COOKIE, self.sim.log_in(user_id), domain="127.0.0.1")
            yield client

    @contextmanager
    def signed_in(self, user_id: int) -> Iterator[httpx.Client]:
        with self.browser(user_id) as browser:
            assert browser.get("/sign-in").status_code == 303
            yield browser


def settings_of(cti_config: object) -> ZammadSettings:
    return ZammadSettings(
        sipgate_integration=True,
        sipgate_token="t",
        sipgate_config={},
        cti_integration=True,
        cti_token="t",
        cti_config=cti_config,
    )


async def _ready() -> Readiness:
    return Readiness(checks={"database": None})


class _Server(HttpServer, Listener):
    """The product's, beginning and ending at once."""


@contextmanager
def service_running(database: Database, wanted: Wanted) -> Iterator[Service]:
    sim = Simulator()
    with running(sim) as zammad_url:
        service = Service(sim, zammad_url, database, wanted)
        service.open()
        try:
            yield service
        finally:
            service.close()
