"""The courier: takes what is due from the outbox, has it delivered, writes down what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio
import anyio.abc
import structlog

from sidecar.delivery.outcomes import Delivered, Failed, Outcome, Postponed
from sidecar.delivery.pace import Breaker, Pace
from sidecar.errors import StoreError
from sidecar.store import outbox
from sidecar.store.database import Connection, Database
from sidecar.store.outbox import Parcel

POLL = 0.5  # seconds between looks for what other processes left or what has become due

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    parallel: int = 4  # conversations at once
    lease: float = 30.0  # seconds a parcel is ours; longer than any attempt takes
    longest_pause: float = 300.0  # seconds between attempts at one parcel


class Courier:
    """Parcels of one conversation go one after the other, those of different conversations side by side."""

    def __init__(
        self,
        *,
        database: Database,
        deliver: Callable[[Parcel], Awaitable[Outcome]],
        pace: Pace,
        breaker: Breaker,
        habits: Habits,
        clock: Callable[[], float],
        count: Callable[[str, str], None],
    ) -> None:
        self._database = database
        self._deliver = deliver
        self._pace = pace
        self._breaker = breaker
        self._habits = habits
        self._clock = clock
        self._count = count  # kind, outcome
        self._under_way = 0
        self._news = anyio.Event()
        self._stopping = False
        self._stopped = anyio.Event()

    def wake(self) -> None:
        self._news.set()

    async def stop(self) -> None:
        """Take nothing new and wait for what is under way."""
        self._stopping = True
        self._news.set()
        await self._stopped.wait()

    async def run(self) -> None:
        async with anyio.create_task_group() as rounds:
            while not self._stopping:
                taken = await self._take()
                for parcel in taken:
                    self._under_way += 1
                    rounds.start_soon(self._round, parcel)
                if not taken:
                    with anyio.move_on_after(POLL):
                        await self._news.wait()
                self._news = anyio.Event()
        self._stopped.set()

    async def _take(self) -> list[Parcel]:
        free = self._habits.parallel - self._under_way
        allowed = self._breaker.lets_through()
        if allowed is not None:
            free = min(free, allowed - self._under_way)
        if free <= 0:
            return []
        lease, now = self._habits.lease, self._clock()
        try:
            return await self._database.write(lambda c: outbox.claim(c, now=now, lease=lease, limit=free))
        except StoreError as error:
            log.warning("outbox_waits_for_database", problem=str(error))
            return []

    async def _round(self, first: Parcel) -> None:
        """Deliver the parcels of one conversation until one has to wait or none is left."""
        parcel: Parcel | None = first
        try:
            while parcel is not None:
                parcel = await self._attempt(parcel)
        except Exception:
            log.exception("delivery_failed")  # the claim expires, the parcel is tried again as uncertain
        finally:
            self._under_way -= 1
            self._news.set()

    async def _attempt(self, parcel: Parcel) -> Parcel | None:
        await self._pace.turn(age=self._clock() - parcel.created_at)
        outcome = await self._deliver(parcel)
        self._learn_from(outcome)
        self._count(parcel.kind, type(outcome).__name__.lower())
        return await self._database.write(lambda connection: self._write_down(connection, parcel, outcome))

    def _learn_from(self, outcome: Outcome) -> None:
        if isinstance(outcome, Postponed) and outcome.outage:
            if not self._breaker.is_open:
                log.warning("delivery_postponed", problem=outcome.note)
            self._breaker.failed(after=outcome.after)
        else:
            self._breaker.succeeded()

    def _write_down(self, connection: Connection, parcel: Parcel, outcome: Outcome) -> Parcel | None:
        now = self._clock()
        match outcome:
            case Delivered(note=note):
                outbox.settle(connection, parcel.id, state="done", note=note, now=now)
            case Failed(reason=reason):
                log.error("delivery_refused", kind=parcel.kind, parcel=parcel.id, problem=reason)
                outbox.settle(connection, parcel.id, state="dead", note=reason, now=now)
            case Postponed():
                self._postpone(connection, parcel, outcome, now)
                return None
        if self._stopping or self._breaker.is_open:
            return None
        return outbox.claim_next(connection, parcel.conversation_id, now=now, lease=self._habits.lease)

    def _postpone(self, connection: Connection, parcel: Parcel, outcome: Postponed, now: float) -> None:
        growing = min(self._habits.longest_pause, 2.0**parcel.attempts)
        outbox.postpone(
            connection,
            parcel,
            due_at=now + (growing if outcome.faulty else 0.0),  # in an outage the breaker says when
            uncertain=parcel.uncertain or outcome.uncertain,
            counts=outcome.faulty,
            note=outcome.note,
        )
