"""What came of a step in Zammad, as it is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sidecar.calls.callbacks.course import QUIET, Deed, Over, Phase
from sidecar.faults import reason_of
from sidecar.store.database import Connection
from sidecar.store.missed.callbacks.cases import Callback, KeptStep
from sidecar.store.missed.callbacks.steps import end_callback, step_in_doubt, step_not_taken, step_taken
from sidecar.tickets.deeds import Ended, LeftOpen, Made, NotThere, Result, ToldInTicket
from sidecar.tickets.helpdesk import Helpdesk
from zammad_client.errors import (
    ZammadError,
    ZammadNotReachedError,
    ZammadOutcomeUnknownError,
    ZammadRefusedError,
)
from zammad_client.records import Ticket

ONCE_MORE = 60.0  # seconds: a refusal may be a passing fault of Zammad's database
DAILY = 86_400.0
SHORTEST, LONGEST = 1.0, 60.0  # seconds between attempts while Zammad is out of order
UNAUTHORISED = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """`write`: what is written down. `outage`: Zammad as a whole may be the trouble."""

    outcome: str
    write: Callable[[Connection, Callback, KeptStep], None]
    outage: bool = False


def settle(result: Result, callback: Callback, step: KeptStep, helpdesk: Helpdesk, *, now: float) -> Settling:
    match result:
        case Made(ticket=ticket, found=found):
            changes = {
                "phase": str(Phase.OPEN), "quiet_until": now + QUIET, "due_at": now, "articles": 1,
                "first_article_id": next(iter(ticket.article_ids), None), **_seen(ticket, helpdesk),
            }  # fmt: skip
            return _taken("found" if found else "done", now, changes)
        case ToldInTicket(ticket=ticket, merged=merged, found=found):
            changes = {
                "quiet_until": now + QUIET, "due_at": now, "articles": callback.articles + 1, "merged": merged,
                **_seen(ticket, helpdesk),
            }  # fmt: skip
            if step.deed is Deed.TALK:
                changes |= {"talk_told": True, "heard_until": _heard_until(callback, now)}
            return _taken("found" if found else "done", now, changes)
        case LeftOpen(ticket=ticket, merged=merged):
            return _taken("left open", now, {"talk_told": False, "merged": merged, **_seen(ticket, helpdesk)})
        case NotThere():
            return _not_taken(callback, "not there", due_at=now, now=now)
        case Ended() as ended:
            return _ended(ended, helpdesk, now=now)


def what_an_error_means(
    error: ZammadError, step: KeptStep, callback: Callback, *, now: float, doubt: float
) -> Settling:
    pause = min(LONGEST, SHORTEST * 2.0 ** min(callback.attempts_in_vain, 10))
    match error:
        case ZammadOutcomeUnknownError():
            later = partial(_in_doubt, due_at=now + (pause if error.is_down else max(pause, doubt)), now=now)
            return Settling(outcome="unknown", write=later, outage=True)
        case ZammadRefusedError() if _is_about_this(error, step, callback):
            return _refused(error, step, callback, now=now)
        case _ if callback.step is not None:  # it was not even looked whether an earlier attempt did it
            again = partial(_in_doubt, due_at=now + pause, now=now)
            return Settling(outcome="postponed", write=again, outage=True)
        case _:
            postponed = _not_taken(callback, "postponed", due_at=now + pause, now=now)
            return Settling(outcome=postponed.outcome, write=postponed.write, outage=True)


def _is_about_this(error: ZammadRefusedError, step: KeptStep, callback: Callback) -> bool:
    """Not where a look for an earlier ticket was refused: that one may be there."""
    looking = step.deed is Deed.CREATE and callback.step is not None
    return not looking and not isinstance(error, ZammadNotReachedError) and error.status != UNAUTHORISED


def _refused(error: ZammadRefusedError, step: KeptStep, callback: Callback, *, now: float) -> Settling:
    """What refuses a ticket stands in the findings until it is let through."""
    pause = ONCE_MORE if callback.attempts_in_vain == 0 else DAILY
    phase = Phase.REFUSED if step.deed is Deed.CREATE else callback.phase
    reason = reason_of(error)

    def write(connection: Connection, callback: Callback, _step: KeptStep) -> None:
        step_not_taken(connection, callback, due_at=now + pause, now=now, phase=phase, refused=reason)

    return Settling(outcome="refused", write=write)


def _taken(outcome: str, now: float, changes: dict[str, object]) -> Settling:
    def write(connection: Connection, callback: Callback, step: KeptStep) -> None:
        step_taken(connection, callback, step, now=now, **changes)

    return Settling(outcome=outcome, write=write)


def _not_taken(callback: Callback, outcome: str, *, due_at: float, now: float) -> Settling:
    due = max(due_at, callback.due_at) if callback.phase is Phase.WAITING else due_at

    def write(connection: Connection, callback: Callback, _step: KeptStep) -> None:
        step_not_taken(connection, callback, due_at=due, now=now, phase=callback.phase, refused=callback.refused)

    return Settling(outcome=outcome, write=write)


def _in_doubt(connection: Connection, callback: Callback, _step: KeptStep, *, due_at: float, now: float) -> None:
    step_in_doubt(connection, callback, due_at=due_at, now=now)


def _ended(ended: Ended, helpdesk: Helpdesk, *, now: float) -> Settling:
    changes = _seen(ended.ticket, helpdesk) if ended.ticket else {"ticket_ended": True}
    since = ended.since

    def write(connection: Connection, callback: Callback, _step: KeptStep) -> None:
        end_callback(connection, callback, ended.why, now=now, free_after=since, **changes)

    return Settling(outcome="done" if ended.why is Over.CLOSED else "let go", write=write)


def _heard_until(callback: Callback, now: float) -> float:
    return callback.talk.talk.counts_at if callback.talk else now


def _seen(ticket: Ticket, helpdesk: Helpdesk) -> dict[str, object]:
    return {
        "ticket_id": ticket.id,
        "ticket_number": ticket.number,
        "ticket_state": ticket.state,
        "ticket_ended": helpdesk.has_ended(ticket),
    }
