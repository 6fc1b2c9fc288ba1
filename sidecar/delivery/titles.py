"""The title of the dialog: who calls, as far as that is certain and Zammad means the same customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

import structlog

from sidecar.calls.conversation.caller_log import OpenRow, ShowAnswer
from sidecar.calls.naming import Named, agrees, name_for_title
from sidecar.calls.numbers.numbers import e164_digits
from sidecar.calls.sipgate.events import Direction
from sidecar.directory import identify
from sidecar.errors import StoreError
from sidecar.store.database import Connection, Database
from sidecar.store.people.people import members_of
from sidecar.wake_up import WakeUp
from sidecar.words.titles import caller_in_title
from sidecar.words.wording import Words
from zammad_client import Zammad
from zammad_client.errors import ZammadError

AT_THE_ANSWER = 0.3  # seconds
WHILE_IT_RINGS = 5.0  # seconds
MOST_CALLS = 1000  # of which is known whom Zammad takes the caller for

log = structlog.get_logger(__name__)


class Titles:
    """Whom Zammad means is read from its log while it rings, if there is a name to be said at all.

    Args:
        turn: around each request that nobody waits for.
        language: of an agent, by id.
    patience: seconds that a dialog waits for Zammad's log at most.

    """

    def __init__(
        self,
        *,
        zammad: Zammad,
        turn: Callable[[], AbstractAsyncContextManager[None]],
        database: Database,
        country: str,
        language: Callable[[int], str],
        patience: float = AT_THE_ANSWER,
    ) -> None:
        self._zammad = zammad
        self._turn = turn
        self._database = database
        self._country = country
        self._language = language
        self._patience = patience
        self._recognised: dict[str, Sequence[int]] = {}  # call id to users, the one that counts first
        self._ringing: dict[str, str] = {}  # calls to be looked for in the log, and their numbers
        self._wake_up = WakeUp()

    def row_opened(self, row: OpenRow) -> None:
        """Soon somebody may pick up."""
        digits = self._digits_of(row.caller)
        if row.direction == Direction.IN and digits is not None:
            self._ringing[row.call_id] = digits
            self._wake_up.wake()

    async def run(self) -> None:
        while True:
            await self._wake_up.wait()
            ringing, self._ringing = self._ringing, {}
            try:
                wanted = [call_id for call_id, digits in ringing.items() if await self._named(digits) is not None]
            except StoreError:
                continue
            if wanted:
                async with self._turn():
                    await self._read_log(wanted, within=WHILE_IT_RINGS)

    async def title_for(self, answer: ShowAnswer) -> str:
        """What stands behind "Call from" for the agent of this answer. Never raises for what fails."""
        words = Words(language=self._language(answer.agent_id or 0))
        digits = self._digits_of(answer.caller)
        named = await self._certain(answer.call_id, digits) if digits is not None else None
        return caller_in_title(answer.caller, digits, named.name if named else None, words)

    async def described(self, answer: ShowAnswer) -> tuple[str, int | None]:
        """As Zammad would make the title, with the certain customer."""
        digits = self._digits_of(answer.caller)
        named = await self._certain(answer.call_id, digits) if digits is not None else None
        words = Words(language=self._language(answer.agent_id or 0))
        caller = caller_in_title(answer.caller, digits, named.name if named else None, words)
        return words.gettext("Call from {caller}", caller=caller), named.person_id if named else None

    async def _certain(self, call_id: str, digits: str) -> Named | None:
        try:
            named = await self._named(digits)
            if named is None:
                return None
            if call_id not in self._recognised:
                await self._read_log([call_id], within=self._patience)
            recognised = self._recognised.get(call_id)
            if recognised is None:
                return None  # nobody can say whose dialog opens
            return named if agrees(named, recognised, await self._members(named)) else None
        except StoreError:
            return None

    async def _named(self, digits: str) -> Named | None:
        return await self._database.read(lambda connection: name_for_title(identify(connection, digits)))

    async def _members(self, named: Named) -> Sequence[int]:
        organization_id = named.organization_id
        if organization_id is None:
            return ()

        def members(connection: Connection) -> Sequence[int]:
            return members_of(connection, organization_id)

        return await self._database.read(members)

    async def _read_log(self, call_ids: Sequence[str], *, within: float) -> None:
        try:
            rows = await self._zammad.call_log(deadline=within)
        except ZammadError as error:
            log.debug("recognition_not_read", reason=str(error))
            return
        for row in rows:
            if row.call_id in call_ids:
                self._recognised[row.call_id] = row.recognised
        while len(self._recognised) > MOST_CALLS:
            del self._recognised[next(iter(self._recognised))]

    def _digits_of(self, caller: str) -> str | None:
        return e164_digits(caller, self._country)
