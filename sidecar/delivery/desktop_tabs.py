"""A tab in the desktop view for agents who want one: up to 7.1 nothing opens there by itself.

What is due follows from the dialogs that were opened, and a tab's key from call and agent: so a crash costs no tab, and
nobody gets two (docs/reference/zammad.md section 10.2).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from uuid import NAMESPACE_URL, uuid5

import anyio
import structlog

from sidecar.calls.conversation.caller_log import ShowAnswer
from sidecar.errors import StoreError
from sidecar.store.calls.outcome import OpenedDialog, opened_dialogs
from sidecar.store.database import Database
from sidecar.store.people.refused_tabs import RefusedTab, keep_tab
from sidecar.wake_up import WakeUp
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError, ZammadRefusedError
from zammad_client.records import Json, Tab

LONGEST_CALL = 6 * 3600.0  # seconds
LOOKS, LOOK = 20, 0.25  # after a dialog was sent: what came of it is written down a moment later
UNTOUCHED = 3600.0  # seconds after the hangup that a tab nobody has looked at stays
MOST = 5  # of ours for one agent
A_DAY = 86_400.0
FORBIDDEN = 403

log = structlog.get_logger(__name__)

Described = Callable[[ShowAnswer], Awaitable[tuple[str, int | None]]]  # the title in full, and the customer


def key_of(call_id: str, agent_id: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"sipgate-sidecar:{call_id}:{agent_id}"))


def tab_for(key: str, title: str, customer_id: int | None) -> dict[str, Json]:
    state: dict[str, Json] = {"title": title, "formSenderType": "phone-in"}
    return {
        "key": f"TicketCreateScreen-{key}",
        "callback": "TicketCreate",
        "app": "desktop",
        "prio": 99,
        "notify": True,
        "active": False,
        "params": {"id": key},
        "state": state if customer_id is None else {**state, "customer_id": customer_id},
    }


class DesktopTabs:
    """`wanted_by`: ids of the agents who want tabs now. Nobody waits for any of this."""

    def __init__(
        self,
        *,
        zammad: Zammad,
        database: Database,
        wanted_by: Callable[[], Collection[int]],
        described: Described,
        clock: Callable[[], float],
        count: Callable[[str], None] = lambda _outcome: None,
    ) -> None:
        self._zammad = zammad
        self._database = database
        self._wanted_by = wanted_by
        self._described = described
        self._clock = clock
        self._count = count  # outcome: added | refused
        self._offered: bool | None = None  # None: not asked yet
        self._settled: dict[str, None] = {}  # keys of tabs that are there, or never will be
        self._wake_up = WakeUp()
        self._wake_up.wake()  # for what a crash has left

    def dialog_sent(self) -> None:
        if self._wanted_by():
            self._wake_up.wake()

    async def run(self) -> None:
        while True:
            await self._wake_up.wait()
            for _ in range(LOOKS):
                if self._wanted_by():
                    await self.add_due()
                await anyio.sleep(LOOK)

    async def add_due(self) -> None:
        """A failure is tried again with the next look, for as long as a dialog would not be too late."""
        try:
            now = self._clock()
            wanted = self._wanted_by()
            for dialog in await self._dialogs(now - LONGEST_CALL):
                until = dialog.answer.dialog_until
                late = until is None or now > until
                if dialog.agent_id in wanted and dialog.ended_at is None and not late and await self._is_offered():
                    await self._add(dialog)
        except (ZammadError, StoreError) as error:
            log.info("desktop_tab_waits", problem=str(error))

    async def sweep(self) -> None:
        """What nobody has looked at goes an hour after the hangup; nobody has more than five of ours.

        Raises: ZammadError, StoreError; the next round does the rest.
        """
        wanted = self._wanted_by()
        if not wanted or not await self._is_offered():
            return
        dialogs = await self._dialogs(self._clock() - A_DAY)
        for agent_id in sorted(wanted):
            own = {
                f"TicketCreateScreen-{key_of(dialog.answer.call_id, agent_id)}": dialog
                for dialog in dialogs
                if dialog.agent_id == agent_id
            }
            if own:
                await self._sweep(agent_id, own)

    async def _sweep(self, agent_id: int, own: dict[str, OpenedDialog]) -> None:
        tabs = [tab for tab in await self._zammad.taskbar.tabs(agent_id) if tab.key in own]
        now = self._clock()
        for tab in _superfluous(tabs, own, now):
            await self._zammad.taskbar.remove(agent_id, tab.id)

    async def _dialogs(self, begun_since: float) -> list[OpenedDialog]:
        return await self._database.read(lambda connection: opened_dialogs(connection, begun_since=begun_since))

    async def _is_offered(self) -> bool:
        """Whether this Zammad has a desktop view, as far as it can be told: asked once."""
        if self._offered is None:
            self._offered = await self._zammad.searches_for_nothing()
        return self._offered

    async def _add(self, dialog: OpenedDialog) -> None:
        key = key_of(dialog.answer.call_id, dialog.agent_id)
        if key in self._settled:
            return
        title, customer_id = await self._described(dialog.answer)
        refused = await self._refused(dialog.agent_id, tab_for(key, title, customer_id))
        self._count("refused" if refused else "added")
        await self._database.write(partial(keep_tab, agent_id=dialog.agent_id, refused=refused, now=self._clock()))
        self._settled[key] = None
        while len(self._settled) > 1000:  # noqa: PLR2004 - more than there are calls at once
            del self._settled[next(iter(self._settled))]

    async def _refused(self, agent_id: int, tab: Mapping[str, Json]) -> RefusedTab | None:
        """None: it is there, perhaps since an attempt whose answer was lost."""
        try:
            added = await self._zammad.taskbar.add(agent_id, tab)
        except ZammadRefusedError as error:
            if "already been taken" in error.message:
                return None
            log.warning("desktop_tab_refused", agent=agent_id, status=error.status)
            return RefusedTab(status=error.status or 0, words=error.message)
        if added.user_id == agent_id:
            return None
        log.warning("desktop_tab_astray", agent=agent_id)  # `From` did not count: it is somebody else's
        await self._zammad.taskbar.remove(added.user_id, added.id)
        return RefusedTab(status=FORBIDDEN, words="")


def _superfluous(tabs: Sequence[Tab], own: dict[str, OpenedDialog], now: float) -> list[Tab]:
    untouched = [tab for tab in tabs if tab.is_untouched]
    old = [tab for tab in untouched if _ended_before(own[tab.key], now - UNTOUCHED)]
    left = [tab for tab in sorted(untouched, key=lambda tab: tab.id) if tab not in old]
    too_many = max(0, len(tabs) - len(old) - MOST)
    return [*old, *left[:too_many]]


def _ended_before(dialog: OpenedDialog, instant: float) -> bool:
    return dialog.ended_at is not None and dialog.ended_at < instant
