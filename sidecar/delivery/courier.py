"""The courier: takes what is due from the outbox, has it delivered, writes down what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TypeVar

import anyio
import anyio.abc
import structlog

from sidecar.calls.conversation.caller_log import CloseRow, ShowAnswer
from sidecar.calls.conversation.parcels import ParcelState
from sidecar.calls.reasons import as_text
from sidecar.delivery.comeback import Comeback
from sidecar.delivery.outcomes import Delivered, Failed, Outcome, Postponed
from sidecar.delivery.pace import Breaker, Pace
from sidecar.delivery.right_of_way import RightOfWay
from sidecar.errors import StoreError
from sidecar.store.calls import outbox
from sidecar.store.calls.outbox import Parcel
from sidecar.store.database import Connection, Database
from sidecar.wake_up import WakeUp

POLL = 0.5  # seconds between looks for what other processes left or what has become due
DOUBTS = 1.0  # seconds between looks for attempts of unknown outcome: they go first, while Zammad lists their rows
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before an outcome is written down again

T = TypeVar("T")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierLimits:
    parallel: int = 4  # conversations at once
    lease: float = 60.0  # seconds a parcel is ours; longer than any attempt takes
    longest_pause: float = 60.0  # seconds between attempts at one parcel
    doubt: float = 10.0  # seconds in which Zammad may still carry out what it did not answer


class Courier:
    """Parcels of one conversation go one after the other, those of different conversations side by side.

    What came of a parcel is written down together with the claim on the next one: a backlog costs no more commits.
    """

    def __init__(
        self,
        *,
        database: Database,
        deliver: Callable[[Parcel], Awaitable[Outcome]],
        pace: Pace,
        breaker: Breaker,
        comeback: Comeback,
        way: RightOfWay,
        habits: CourierLimits,
        clock: Callable[[], float],
        count: Callable[[str, str], None],
        replica: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._database = database
        self._deliver = deliver
        self._pace = pace
        self._breaker = breaker
        self._comeback = comeback
        self._way = way
        self._habits = habits
        self._clock = clock
        self._count = count  # kind, outcome
        self._replica = replica  # what the others would see die; None: they could not see it
        self._under_way: set[int] = set()  # conversations, from the statement that claims their parcels on
        self._claiming = Lock()  # of the thread that claims
        self._next_doubts = 0.0
        self._wake_up = WakeUp()
        self._stopping = False
        self._stopped = anyio.Event()

    def wake(self) -> None:
        self._wake_up.wake()

    def zammad_is_down(self) -> None:
        """As somebody else has found out."""
        self._comeback.is_down()

    def zammad_answers(self) -> None:
        """Zammad is back, as somebody else has found out: what waits need not wait for its next attempt."""
        self._comeback.answers()
        if self._breaker.zammad_answers():
            self._wake_up.wake()

    async def stop(self) -> None:
        """Take nothing new and wait for what is under way."""
        self._stopping = True
        self._wake_up.wake()
        await self._stopped.wait()

    async def run(self) -> None:
        async with anyio.create_task_group() as rounds:
            while not self._stopping:
                taken = await self._take()
                for parcel in taken:
                    rounds.start_soon(self._round, parcel)
                await self._wake_up.wait(0.0 if taken else POLL)
        self._stopped.set()

    async def _take(self) -> list[Parcel]:
        """Calls with a dialog to be sent have as many places again: they wait for nobody."""
        places = self._habits.parallel
        allowed = self._breaker.lets_through()
        urgent = self._way.dialogs - self._under_way if allowed is None else frozenset()
        try:
            if urgent and (taken := await self._take_urgent(urgent)):
                return taken
            free = (places if allowed is None else min(places, allowed)) - len(self._under_way)
            if free <= 0:
                return []
            return await self._claimed_in(lambda connection, mine: self._claim(connection, free, mine))
        except StoreError as error:
            log.warning("outbox_waits_for_database", problem=str(error))
            return []

    async def _take_urgent(self, urgent: frozenset[int]) -> list[Parcel]:
        limit = min(len(urgent), 2 * self._habits.parallel - len(self._under_way))
        if limit <= 0:
            return []
        taken = await self._claimed_in(lambda connection, mine: self._claim(connection, limit, mine, only=urgent))
        if len(taken) < limit:
            for conversation in urgent.difference(parcel.conversation_id for parcel in taken):
                self._way.over(conversation)  # another replica has it
        return taken

    async def _claimed_in(self, work: Callable[[Connection, list[int]], T]) -> T:
        """What `work` returns once its transaction is committed; the conversations it names are free again if not."""
        mine: list[int] = []
        try:
            return await self._database.write(lambda connection: work(connection, mine))
        except BaseException:
            self._under_way.difference_update(mine)
            raise

    def _claim(
        self, connection: Connection, free: int, mine: list[int], *, only: frozenset[int] | None = None
    ) -> list[Parcel]:
        """Nothing of a conversation that is under way here: if the clock jumps, its claim seems to have expired.

        So each is under way before anybody else in this process can look.
        """
        with self._claiming:
            now, lease, busy = self._clock(), self._habits.lease, tuple(self._under_way)
            claim = partial(outbox.claim, connection, now=now, lease=lease, replica=self._replica(), without=busy)
            taken: list[Parcel] = []
            if only is not None:
                taken = claim(limit=free, only=only)
            elif now >= self._next_doubts:
                self._next_doubts = now + DOUBTS
                taken = claim(limit=free, doubtful=True)
            if only is None and len(taken) < free:
                taken = [*taken, *claim(limit=free - len(taken))]
            mine += [parcel.conversation_id for parcel in taken]
            self._under_way.update(mine)
        return taken

    async def _round(self, first: Parcel) -> None:
        """Deliver this parcel and what follows it until something has to wait or nothing is left."""
        parcel: Parcel | None = first
        at_work = first.conversation_id
        try:
            while parcel is not None:
                if parcel.conversation_id != at_work:
                    self._under_way.discard(at_work)
                    at_work = parcel.conversation_id
                parcel = await self._attempt(parcel)
        except Exception:
            log.exception("delivery_failed")  # the claim expires, the parcel is tried again as uncertain
        finally:
            self._under_way.discard(at_work)
            self._wake_up.wake()

    async def _attempt(self, parcel: Parcel) -> Parcel | None:
        await self._pace.turn(age=self._clock() - parcel.created_at)
        try:
            outcome = await self._delivered(parcel)
        except StoreError as error:  # asked before anything was sent
            outcome = Postponed(note=error.reason, uncertain=parcel.uncertain, faulty=True)
        else:
            self._learn_from(parcel, outcome)
        self._count(parcel.kind, type(outcome).__name__.lower())
        return await self._written_down(parcel, outcome)

    async def _delivered(self, parcel: Parcel) -> Outcome:
        if _may_open_a_dialog(parcel):
            with self._way.sending(parcel.conversation_id):
                return await self._deliver(parcel)
        await self._way.clear(of_call=parcel.conversation_id)
        return await self._deliver(parcel)

    def _learn_from(self, parcel: Parcel, outcome: Outcome) -> None:
        if isinstance(outcome, Postponed) and outcome.is_down:
            self._comeback.is_down()
        if isinstance(outcome, Postponed) and outcome.outage:
            if not self._breaker.is_open:
                log.warning("delivery_postponed", problem=as_text(outcome.note))
            self._breaker.failed(after=outcome.after, suspect=parcel.id if outcome.faulty else None)
            return
        if self._breaker.is_open:
            log.info("delivery_goes_on")
        self._comeback.answers()
        self._breaker.succeeded()

    async def _written_down(self, parcel: Parcel, outcome: Outcome) -> Parcel | None:
        """What is to go next, if it may go at once. Tries while the claim surely holds."""
        for pause in PAUSES:
            try:
                return await self._claimed_in(partial(self._write_down, parcel, outcome))
            except StoreError as error:
                log.warning("outcome_waits_for_database", parcel=parcel.id, problem=str(error))
                await anyio.sleep(pause)
        return await self._claimed_in(partial(self._write_down, parcel, outcome))

    def _write_down(self, parcel: Parcel, outcome: Outcome, connection: Connection, mine: list[int]) -> Parcel | None:
        now = self._clock()
        match outcome:
            case Delivered(note=note):
                outbox.settle(connection, parcel.id, state=ParcelState.DONE, note=note, now=now)
            case Failed(reason=reason):
                log.error("delivery_refused", kind=parcel.kind, parcel=parcel.id, problem=as_text(reason))
                outbox.settle(connection, parcel.id, state=ParcelState.DEAD, note=reason, now=now)
            case Postponed():
                self._postpone(connection, parcel, outcome, now)
                return None
        if self._stopping or self._breaker.is_open:
            return None
        lease, replica = self._habits.lease, self._replica()
        following = outbox.claim_next(connection, parcel.conversation_id, now=now, lease=lease, replica=replica)
        if following or len(self._under_way) > self._habits.parallel:
            return following
        return next(iter(self._claim(connection, 1, mine)), None)

    def _postpone(self, connection: Connection, parcel: Parcel, outcome: Postponed, now: float) -> None:
        pause = min(self._habits.longest_pause, 2.0 ** min(parcel.attempts, 10)) if outcome.faulty else outcome.pause
        if outcome.uncertain and isinstance(parcel.effect, CloseRow):
            pause = max(pause, self._habits.doubt)  # done twice, it would turn a missed call into a handled one
        outbox.postpone(
            connection,
            parcel,
            due_at=now + pause,  # without one the breaker says when
            uncertain=parcel.uncertain or outcome.uncertain,
            counts=outcome.faulty,
            note=outcome.note,
        )


def _may_open_a_dialog(parcel: Parcel) -> bool:
    effect = parcel.effect
    return isinstance(effect, ShowAnswer) and effect.agent_id is not None and not parcel.uncertain
