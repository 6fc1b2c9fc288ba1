"""Callback tickets kept as the calls want them: again and again, by one replica at a time.

What is to be done follows from the database alone, so a crash at any point loses nothing. A step is written down before
it is taken, and looked for in Zammad before it is taken a second time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

import structlog

from sidecar.calls.callbacks.course import Act, Deed, Over, Phase, Wait, Withdraw, next_step
from sidecar.calls.callbacks.work import StateType
from sidecar.calls.pages.listing import ListedCall
from sidecar.config.sections import Tickets
from sidecar.errors import StoreError
from sidecar.logs import Streak
from sidecar.store.calls.listed import listed_calls
from sidecar.store.calls.stories import answered_by_machines
from sidecar.store.database import Connection, Database
from sidecar.store.missed.callbacks.cases import Callback, KeptStep, active_callbacks
from sidecar.store.missed.callbacks.intake import new_missed, reconsider_left_out, take_in
from sidecar.store.missed.callbacks.steps import begin_step, end_callback, release_steps, ticket_seen, try_refused_again
from sidecar.store.replicas.leases import take_lease
from sidecar.tickets.deeds import CLOCKS_DIFFER, MOST, TAG, Deeds, closed_at
from sidecar.tickets.helpdesk import Helpdesk, HelpdeskReader
from sidecar.tickets.outcomes import Settling, settle, what_an_error_means
from sidecar.tickets.wording import TicketWording
from sidecar.wake_up import WakeUp
from sidecar.words.wording import Words
from zammad_client import Zammad
from zammad_client.errors import ZammadError

LEASE = "callback tickets"
LEASE_LASTS, LEASE_EVERY = 20.0, 5.0  # seconds
CLAIM = 60.0  # seconds a step is ours; longer than it takes
LOOK = 1.0  # seconds between looks at what has changed
IDLE = 5.0  # seconds, where no group has lines
STATES_EVERY = 60.0  # seconds between looks at the states of open tickets
AT_ONCE = 20  # steps in one round

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLimits:
    """Seconds."""

    doubt: float = 10.0  # in which Zammad may still carry out what it did not answer
    look: float = LOOK
    idle: float = IDLE


class CallbackTickets:
    """`run` has to run; `wake` it when calls have changed."""

    def __init__(
        self,
        *,
        zammad: Zammad,
        database: Database,
        tickets: Tickets,
        country: str,
        story: Callable[[int], str],
        holder: str,
        clock: Callable[[], float],
        count: Callable[[str, str], None],
        limits: RoundLimits,
    ) -> None:
        self._zammad = zammad
        self._database = database
        self._tickets = tickets
        self._story = story
        self._holder = holder
        self._clock = clock
        self._count = count  # what, outcome
        self._limits = limits
        self._reader = HelpdeskReader(zammad=zammad, tickets=tickets, country=country, clock=clock)
        self._wake_up = WakeUp()
        self._next_lease = 0.0
        self._holds = False
        self._next_states = 0.0
        self._depended_on: object = None

    def wake(self) -> None:
        self._wake_up.wake()

    async def run(self) -> None:
        streak = Streak("callback tickets")
        if self._database.dialect == "sqlite":  # nobody else can be at it
            await self._database.write(release_steps)
        while True:
            try:
                pause = await self.round()
                streak.worked()
            except (ZammadError, StoreError) as error:
                pause = self._limits.idle
                streak.failed(error)
            await self._wake_up.wait(pause)

    async def round(self) -> float:
        """Everything that is due; returns seconds until the next look. Raises: ZammadError, StoreError."""
        if not await self._is_ours():
            return self._limits.idle
        fault: ZammadError | None = None
        try:
            await self._reader.read()
        except ZammadError as error:  # what was known is good enough to take calls in
            fault = error
        helpdesk = self._reader.known
        if helpdesk.lines:
            await self._reconsider(helpdesk)
            await self._take_in(helpdesk)
            if fault is None:
                await self._work(helpdesk)
                await self._look_at_states(helpdesk)
        if fault:
            raise fault
        return self._limits.look if helpdesk.lines else self._limits.idle

    async def _is_ours(self) -> bool:
        """Asked of the database every few seconds, however often somebody wakes this one."""
        now = self._clock()
        if now >= self._next_lease:
            self._next_lease = now + LEASE_EVERY
            take = partial(take_lease, name=LEASE, holder=self._holder, now=now, seconds=LEASE_LASTS)
            self._holds = await self._database.write(take)
        return self._holds

    async def _take_in(self, helpdesk: Helpdesk) -> None:
        now = self._clock()
        since = now - self._tickets.max_age
        if await self._database.read(partial(new_missed, since=since)):
            take = partial(
                take_in, lines=helpdesk.lines, since=since, grace=self._tickets.grace, now=now,
                new_key=lambda: str(uuid4()),
            )  # fmt: skip
            await self._database.write(take)

    async def _reconsider(self, helpdesk: Helpdesk) -> None:
        """What was refused or left out: at the start, and when lines, rights, mandatory fields or the collecting
        customer are others than they were."""
        now_depend_on = (helpdesk.lines, helpdesk.barred, helpdesk.unfilled, helpdesk.unknown_customer)
        if now_depend_on != self._depended_on:
            await self._database.write(reconsider_left_out)
            await self._database.write(partial(try_refused_again, now=self._clock()))
            self._depended_on = now_depend_on

    async def _work(self, helpdesk: Helpdesk) -> None:
        """Raises: ZammadError where Zammad as a whole is the trouble: the rest waits with it."""
        now = self._clock()
        taken = 0
        for callback in await self._database.read(partial(active_callbacks, now=now)):
            if callback.claimed_until is not None and callback.claimed_until > now:
                continue
            match next_step(callback.case, now=now, max_age=self._tickets.max_age):
                case Wait():
                    continue
                case Withdraw(why=why):
                    await self._database.write(partial(end_callback, callback=callback, why=why, now=now))
                    self._count(Deed.CREATE, "withdrawn")
                case Act() as act:
                    await self._take(helpdesk, callback, act)
                    taken += 1
            if taken >= AT_ONCE:
                self.wake()
                return

    async def _take(self, helpdesk: Helpdesk, callback: Callback, act: Act) -> None:
        if act.deed is Deed.CREATE and callback.person_id is None and helpdesk.unknown_customer is None:
            return  # `check` says that there is nobody to collect them
        step = callback.step or _step_of(callback, act)
        calls = await self._begun(callback, step)
        if calls is None:
            return
        messages = await self._database.read(partial(answered_by_machines, ids=step.tells))
        try:
            result = await self._deeds(helpdesk, messages).take(callback, step, calls)
        except ZammadError as error:
            meaning = what_an_error_means(error, step, callback, now=self._clock(), doubt=self._limits.doubt)
            await self._settle(callback, step, meaning)
            if meaning.outage:
                raise
        else:
            await self._settle(callback, step, settle(result, callback, step, helpdesk, now=self._clock()))
            self.wake()  # what follows need not wait

    async def _begun(self, callback: Callback, step: KeptStep) -> dict[int, ListedCall] | None:
        """The calls it is about, once it is written down; None where somebody else is at it."""

        def begin(connection: Connection) -> dict[int, ListedCall] | None:
            if not begin_step(connection, callback, step, now=self._clock(), lease=CLAIM):
                return None
            return listed_calls(connection, [*step.tells, *([step.talk] if step.talk else ())])

        return await self._database.write(begin)

    async def _settle(self, callback: Callback, step: KeptStep, settling: Settling) -> None:
        await self._database.write(lambda connection: settling.write(connection, callback, step))
        self._count(step.deed, settling.outcome)
        if settling.outcome not in {"done", "found"}:
            log.info("callback_step", deed=step.deed, callback=callback.id, outcome=settling.outcome)

    def _deeds(self, helpdesk: Helpdesk, messages: frozenset[int]) -> Deeds:
        words = Words(language=helpdesk.language, zone=helpdesk.zone)
        wording = TicketWording(words=words, story=self._story, messages=messages)
        return Deeds(zammad=self._zammad, tickets=self._tickets, helpdesk=helpdesk, wording=wording)

    async def _look_at_states(self, helpdesk: Helpdesk) -> None:
        """What people have done with open tickets of ours, for those who look at them here."""
        now = self._clock()
        if now < self._next_states:
            return
        self._next_states = now + STATES_EVERY
        active = await self._database.read(partial(active_callbacks, now=now))
        resting = {each.ticket_id: each for each in active if each.phase is Phase.OPEN and each.step is None}
        if not resting:
            return
        since = datetime.fromtimestamp(now - STATES_EVERY - CLOCKS_DIFFER, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        condition = {
            "ticket.tags": {"operator": "contains one", "value": TAG},
            "ticket.updated_at": {"operator": "after (absolute)", "value": since},
        }
        found = await self._zammad.tickets.search(condition, limit=MOST)

        def note(connection: Connection) -> None:
            for ticket in found:
                ended = helpdesk.has_ended(ticket)
                ticket_seen(connection, ticket.id, state=ticket.state, ended=ended, now=now)
                if ticket.id in resting and helpdesk.type_of(ticket) == StateType.CLOSED:
                    since = closed_at(ticket)
                    end_callback(connection, resting[ticket.id], Over.CLOSED_BY_OTHERS, now=now, free_after=since)

        await self._database.write(note)


def _step_of(callback: Callback, act: Act) -> KeptStep:
    """Marks: the callback's key, and for later articles their place after it."""
    if act.deed is Deed.CREATE:
        return KeptStep(deed=act.deed, mark=callback.key, tells=act.tells)
    talk = callback.talk.call_id if act.deed is Deed.TALK and callback.talk else None
    return KeptStep(deed=act.deed, mark=f"{callback.key}-{callback.articles}", tells=act.tells, talk=talk)
