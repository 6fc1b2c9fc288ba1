"""All open pages, and who tells them what is new: one reader of the database for all of them, in each process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager

import structlog

from sidecar.errors import StoreError
from sidecar.store.database import Database
from sidecar.store.pages.sessions import BY_ZAMMAD, LivingSession, living_sessions
from sidecar.store.pages.updates import PageUpdates, read_updates, updates_of_office
from sidecar.store.replicas.page_changes import position
from sidecar.wake_up import WakeUp
from sidecar.web.access.rights import Rights
from sidecar.web.access.trust import Trust
from sidecar.web.live.contact import Contact
from sidecar.web.live.office import Office
from sidecar.web.live.streams import Audience, Stream, ViewerNow, event

POLL = 0.5  # seconds between looks for changes that another process made
LOOK = 5.0  # seconds between looks whether Zammad answers
BEAT = 15.0  # seconds between signs of life, and between looks whether people may still look on

log = structlog.get_logger(__name__)


class Live:
    """`run` has to run for anything to be sent; when it ends, or with `close`, every stream ends."""

    def __init__(
        self,
        *,
        database: Database,
        rights: Rights,
        trust: Trust,
        contact: Contact,
        office: Office,
        clock: Callable[[], float],
        unattended: float = 12 * 3600.0,
    ) -> None:
        """`unattended`: seconds for which a page stays open though its person does nothing."""
        self.contact = contact
        self.office = office
        self._database = database
        self._rights = rights
        self._trust = trust
        self._clock = clock
        self._unattended = unattended
        self._streams: dict[Hashable, set[Stream]] = {}  # by the key of their audience
        self._audiences: dict[Hashable, Audience] = {}
        self._wake_up = WakeUp()
        self._failing = False
        self._ending = False
        self.position: int | None = None  # None: before the first look

    @property
    def connected(self) -> int:
        return sum(map(len, self._streams.values()))

    def wake(self) -> None:
        """Something was written: look now. To be called in the event loop's own thread."""
        self._wake_up.wake()

    def close(self) -> None:
        """End every stream, also those that are opened from now on; their browsers come back to whoever answers."""
        self._ending = True
        for stream in self._all():
            stream.close()

    @contextmanager
    def stream(
        self,
        audience: Audience,
        session_key: str,
        user_id: int,
        *,
        pauses: bool = True,
        viewer_now: ViewerNow | None = None,
    ) -> Iterator[Stream]:
        stream = Stream(session_key, user_id, pauses=pauses, viewer_now=viewer_now)
        self._audiences.setdefault(audience.key, audience)
        self._streams.setdefault(audience.key, set()).add(stream)
        if self._ending:
            stream.close()
        try:
            yield stream
        finally:
            self._leave(audience.key, stream)

    def _leave(self, key: Hashable, stream: Stream) -> None:
        self._streams[key].discard(stream)
        if not self._streams[key]:
            del self._streams[key], self._audiences[key]

    def _all(self) -> list[Stream]:
        return [stream for streams in self._streams.values() for stream in streams]

    async def run(self) -> None:
        self._ending = False
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._follow())
                tasks.create_task(self._beat())
                tasks.create_task(self._tell_of_zammad())
        finally:
            self.close()

    async def _follow(self) -> None:
        while True:
            try:
                more = await self._spread()
                self._failing = False
            except StoreError as error:
                more = False
                if not self._failing:
                    log.warning("live_pages_wait_for_database", problem=str(error))
                self._failing = True
            if not more:
                await self._wake_up.wait(POLL)

    async def _spread(self) -> bool:
        """Tell all streams what is new; whether there was something."""
        if self.position is None:
            self.position = await self._database.read(position)
        after, viewers = self.position, {audience.viewer for audience in self._audiences.values()}
        updates = await self._database.read(lambda connection: read_updates(connection, after, viewers))
        if updates is None and self.office.has_changed():
            updates = await self._database.read(lambda connection: updates_of_office(connection, after))
        if updates is None:
            return False
        self._tell(updates)
        return True

    def _tell(self, updates: PageUpdates) -> None:
        self.position = updates.position
        self.office.news(updates)  # also where nobody looks on
        for key, audience in tuple(self._audiences.items()):
            said = audience.said(updates)
            for stream in self._streams[key]:
                if events := said.to(stream.user_id):
                    stream.put(events)
        if updates.ended_sessions:
            self._say_goodbye(updates.ended_sessions)

    def _say_goodbye(self, ended_sessions: Collection[str]) -> None:
        for stream in self._all():
            if stream.session_key in ended_sessions:
                stream.close(event("bye"))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self._dismiss_strangers()
                await self.reload_outdated()
            except StoreError:
                log.warning("live_sessions_not_checked")
            beat = event("beat", position=self.position)
            for stream in self._all():
                stream.put(beat)

    async def reload_outdated(self) -> None:
        """Pages whose person may see other calls by now are loaded anew."""
        for key, audience in tuple(self._audiences.items()):
            for stream in tuple(self._streams.get(key, ())):
                if stream.viewer_now is not None and await stream.viewer_now() != audience.viewer:
                    stream.close(event("reload"))

    async def _tell_of_zammad(self) -> None:
        """Whether it can be reached, as soon as that changes."""
        while True:
            try:
                changed = await self.contact.look()
            except StoreError:
                changed = False
            if changed:
                said = event("zammad", str(self.contact.lost_since or ""))
                for stream in self._all():
                    stream.put(said)
            await asyncio.sleep(LOOK)

    async def _dismiss_strangers(self) -> None:
        """End the streams of sessions that ended, lost their rights, or that nobody has used for long."""
        keys = {stream.session_key for stream in self._all()}
        if not keys:
            return
        now = self._clock()
        living = await self._database.read(lambda connection: living_sessions(connection, keys, now=now))
        for stream in self._all():
            session = living.get(stream.session_key)
            if session is None or not self._may_go_on(stream, session):
                stream.close()

    def _may_go_on(self, stream: Stream, session: LivingSession) -> bool:
        """OAuth's sessions are confirmed by the page itself, those by Zammad's cookie only by what a person does."""
        if not self._rights.permissions_of(session.user_id):
            return False
        age = self._clock() - session.checked_at
        if session.signed_in_by != BY_ZAMMAD:
            return age <= self._trust.on_open_pages
        return age <= self._unattended or not stream.pauses
