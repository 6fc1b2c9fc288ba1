"""sipgate's own interface as a part of the service: asked in its time, by one process at a time."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.rhythm import BUSY_EVERY, MESSAGE_AFTER, is_worth_a_look
from sidecar.config import Settings
from sidecar.sipgate.account import sipgate_of
from sidecar.sipgate.attachments import Attachments
from sidecar.sipgate.gaps import Gaps
from sidecar.sipgate.people import People, keep_people, kept_people, read_people
from sidecar.store.calls.around import recent_calls
from sidecar.store.database import Database
from sidecar.store.journal.keeping import HookStore
from sipgate_client import Sipgate, SipgateError
from sipgate_client.politeness import Politeness
from zammad_client import Zammad

PEOPLE_GOOD_FOR = 3600.0  # seconds

log = structlog.get_logger(__name__)


class SipgateSide:
    """`sipgate` is None without a token: then nothing is ever asked. `politeness` is the one of this process."""

    def __init__(
        self,
        settings: Settings,
        *,
        database: Database,
        clock: Callable[[], float],
        hooks: HookStore | None = None,
        zammad: Zammad | None = None,
        rules: Callable[[], Rules | None] = lambda: None,
    ) -> None:
        """`hooks`: where those are put that sipgate's history stands in for; `zammad`: whose tickets get messages.

        `rules`: of this moment. None are filled in before these were loaded: some callers are blocked.
        """
        self.politeness = Politeness()
        self.sipgate: Sipgate | None = sipgate_of(settings, politeness=self.politeness)
        self._database = database
        self._clock = clock
        self._rules = rules
        self._gaps = self._gaps_into(hooks, settings.phone.country) if hooks else None
        self._attachments: Attachments | None = None
        if self.sipgate and zammad and settings.tickets.voicemail:
            self._attachments = Attachments(
                sipgate=self.sipgate,
                zammad=zammad,
                database=database,
                language=settings.tickets.language,
                clock=clock,
            )
        self._looked_at: float | None = None
        self._unwell: str | None = None  # what was logged last

    def _gaps_into(self, hooks: HookStore, country: str) -> Gaps | None:
        if self.sipgate is None:
            return None
        return Gaps(sipgate=self.sipgate, database=self._database, hooks=hooks, country=country, clock=self._clock)

    async def people(self) -> People | None:
        """As last read; None: never, or nothing is asked."""
        if self.sipgate is None:
            return None
        kept = await self._database.read(kept_people)
        return kept[0] if kept else None

    async def read_people_if_due(self) -> None:
        if self.sipgate is None:
            return
        kept = await self._database.read(kept_people)
        if kept and self._clock() - kept[1] < PEOPLE_GOOD_FOR:
            return
        try:
            people = await read_people(self.sipgate)
        except SipgateError as error:
            self._note(str(error))
            return
        self._note(None)
        await self._database.write(lambda connection: keep_people(connection, people, self._clock()))

    async def look_if_worth_it(self) -> None:
        now = self._clock()
        earliest = now - max(MESSAGE_AFTER) - BUSY_EVERY
        calls = await self._database.read(lambda connection: recent_calls(connection, ended_since=earliest))
        failed = self._unwell is not None
        if self._rules() and is_worth_a_look(calls, looked_at=self._looked_at, now=now, failed=failed):
            self._looked_at = now
            await self.look()

    async def look(self) -> None:
        """People first, since the history names their telephones."""
        await self.read_people_if_due()
        await self.fill_gaps()
        await self.attach_messages()

    async def attach_messages(self) -> None:
        """Raises: ZammadError."""
        if self._attachments is None:
            return
        try:
            await self._attachments.attach()
        except SipgateError as error:
            self._note(str(error))

    async def fill_gaps(self) -> None:
        people, rules = await self.people(), self._rules()
        if self._gaps is None or people is None or rules is None:
            return
        try:
            filled = await self._gaps.look(people, rules)
        except SipgateError as error:
            self._note(str(error))
            return
        self._note(None)
        if filled:
            log.info("gaps_filled", hooks=filled)

    async def aclose(self) -> None:
        if self.sipgate:
            await self.sipgate.aclose()

    def _note(self, problem: str | None) -> None:
        """Logged when it begins and when it ends, not in between."""
        if problem and not self._unwell:
            log.warning("sipgate_not_read", problem=problem)
        elif self._unwell and not problem:
            log.info("sipgate_read_again")
        self._unwell = problem
