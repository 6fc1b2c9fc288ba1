"""What a call has brought about, as an agent and sipgate would see it: values that can be compared, and said."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sidecar.calls.identification import Certainty
from sidecar.calls.pages.missed import ClosedBecause
from sidecar.calls.reasons import Reason
from sidecar.demo.note import NoteSeen
from sidecar.scripted_calls.phone import Act, Exchange, Order
from sidecar.store.calls.outcome import CallOutcome
from sidecar.store.calls.visibility import SEES_ALL
from sidecar.store.database import Connection
from sidecar.store.missed.entries import closed_missed
from sidecar.words.marks import N_
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words
from zammad_client.records import Json
from zammad_client.simulator import Opened, Simulator
from zammad_client.simulator.models.tickets import STATES

ORDERS = {
    Act.RINGS: N_("rings"),
    Act.BUSY: N_("busy"),
    Act.REJECTS: N_("rejected"),
    Act.DIALS: N_("dials {number} as {caller_id}"),
    Act.GOES_ON: N_("goes on"),
    Act.MISREAD: N_("not understood"),
}
NOBODY = N_("nobody")
PROFILE = "profile"


class RowState(StrEnum):
    RINGING = "ringing"
    CONNECTED = "connected"
    ENDED = "ended"
    MISSED = "missed"


STATES_OF_ROWS = {
    RowState.RINGING: N_("ringing"),
    RowState.CONNECTED: N_("connected"),
    RowState.ENDED: N_("ended"),
    RowState.MISSED: N_("missed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Of Zammad's caller log. `blocked`: why, as it stands there, instead of a state."""

    caller: str  # empty: nobody is known
    callee: str
    state: RowState | None = None
    blocked: str = ""

    def in_words(self, words: Words) -> str:
        state = words.gettext(STATES_OF_ROWS[self.state]) if self.state else self.blocked
        return f"{self.caller or words.gettext(NOBODY)} → {self.callee}, {state}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What came up in an agent's browser."""

    kind: str  # as the simulator names it
    agent: str
    customer: str = ""  # empty: nobody is known

    def in_words(self, words: Words) -> str:
        if not self.customer:
            return words.gettext("empty ticket dialog for {agent}", agent=self.agent)
        if self.kind == PROFILE:
            return words.gettext("profile of {customer} for {agent}", customer=self.customer, agent=self.agent)
        return words.gettext("ticket dialog of {customer} for {agent}", customer=self.customer, agent=self.agent)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerSeen:
    """Who the sidecar says it is. Without a certainty the number is withheld."""

    certainty: Certainty | None = None
    recognised: Reason | None = None

    def in_words(self, words: Words) -> str:
        if self.certainty is None:
            return words.gettext("withheld")
        who = sentence(self.recognised, words) if self.recognised else words.gettext(NOBODY)
        return f"{words.term('certainty', self.certainty)}: {who}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedSeen:
    """How a missed call was closed, and by whom; without a reason it is open."""

    because: str | None = None
    by: str | None = None

    def in_words(self, words: Words) -> str:
        if self.because is None:
            return words.gettext("open")
        if self.because == ClosedBecause.TALKED_OUT:
            return words.gettext("{name} called back", name=self.by)
        return words.gettext("closed otherwise")


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSeen:
    """The newest ticket of this title; its state is in Zammad's words, and empty where there is none."""

    title: str
    state: str = ""

    def in_words(self, words: Words) -> str:
        return f"{self.title}, {self.state}" if self.state else words.gettext("no ticket")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """`rows` of Zammad's caller log, what `opened` in the agents' browsers, and what else the scene is about."""

    order: Order | None  # to sipgate; None: no hook was sent
    rows: tuple[Row, ...]
    opened: tuple[Opening, ...] = ()
    caller: CallerSeen | None  # None: there is no conversation
    missed: MissedSeen | None = None
    ticket: TicketSeen | None = None  # the callback ticket of the caller
    note: NoteSeen | None = None  # what the agent wrote about it

    def in_words(self, words: Words) -> list[str]:
        return [words.gettext(label, what=what) for label, what in self._said(words)]

    def _said(self, words: Words) -> Iterator[tuple[str, str]]:
        yield N_("phone: {what}"), _ordered(self.order, words)
        for row in self.rows:
            yield N_("log: {what}"), row.in_words(words)
        if not self.rows:
            yield N_("log: {what}"), words.gettext("no row")
        for opening in self.opened:
            yield N_("opens: {what}"), opening.in_words(words)
        if not self.opened:
            yield N_("opens: {what}"), words.gettext("nothing")
        yield N_("caller: {what}"), self.caller.in_words(words) if self.caller else words.gettext("no conversation")
        if self.missed:
            yield N_("missed call: {what}"), self.missed.in_words(words)
        if self.ticket:
            yield N_("ticket: {what}"), self.ticket.in_words(words)
        if self.note:
            yield N_("note: {what}"), self.note.in_words(words)


def _ordered(order: Order | None, words: Words) -> str:
    if order is None:
        return words.gettext("no hook sent")
    return words.gettext(ORDERS[order.act], number=order.number, caller_id=order.caller_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class InZammad:
    """What the simulated Zammad shows of one call."""

    rows: tuple[Row, ...] = ()
    opened: tuple[Opening, ...] = ()

    def news_since(self, before: InZammad, words: Words) -> str:
        """What has changed."""
        rows = [row.in_words(words) for row in self.rows if row not in before.rows]
        opened = [each.in_words(words) for each in self.opened[len(before.opened) :]]
        return "; ".join([*rows, *(words.gettext("opened: {what}", what=what) for what in opened)]) or "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What is seen only once the call is over, as far as a scene is about it."""

    missed: MissedSeen | None = None
    ticket: TicketSeen | None = None
    note: NoteSeen | None = None


def seen_in_zammad(sim: Simulator, call_ids: Collection[str]) -> InZammad:
    rows = [row for row in sim.call_log if row["call_id"] in call_ids]
    opened = [each for each in list(sim.opened) if each.call_id in call_ids]
    return InZammad(rows=tuple(map(_row, rows)), opened=tuple(_opening(sim, each) for each in opened))


def seen_effects(
    seen: InZammad, exchanges: Sequence[Exchange], outcome: CallOutcome | None, after: Aftermath
) -> Effects:
    return Effects(
        order=next((exchange.wishes.order for exchange in exchanges), None),
        rows=seen.rows,
        opened=seen.opened,
        caller=None if outcome is None else _caller(outcome),
        missed=after.missed,
        ticket=after.ticket,
        note=after.note,
    )


def newest_ticket_titled(sim: Simulator, title: str) -> TicketSeen:
    with sim.lock:
        found = [ticket for ticket in sim.tickets.all() if ticket.title == title]
        return TicketSeen(title=title, state=STATES[found[-1].state_id] if found else "")


def missed_call_of(connection: Connection, number: str) -> MissedSeen:
    """How the newest missed call of this number that was closed came to be so."""
    closed = (entry for entry in closed_missed(connection, SEES_ALL) if entry.number == number)
    entry = next(closed, None)
    return MissedSeen(because=entry.closed_because, by=entry.closed_by) if entry else MissedSeen()


def _row(row: Json) -> Row:
    caller = row["from_comment"] or ("" if row["direction"] == "in" else row["from"])
    comment = str(row["comment"] or "")
    blocked = comment if row["state"] == "hangup" and comment.startswith("blocked") else ""
    return Row(
        caller=caller,
        callee=row["to_comment"] or row["to"],
        state=None if blocked else _state(row),
        blocked=blocked,
    )


def _state(row: Json) -> RowState:
    match row["state"]:
        case "newCall":
            return RowState.RINGING
        case "answer":
            return RowState.CONNECTED
        case _:
            return RowState.ENDED if row["done"] else RowState.MISSED


def _opening(sim: Simulator, opened: Opened) -> Opening:
    customer = "" if opened.customer_id is None else _name(sim, opened.customer_id)
    return Opening(kind=opened.kind, agent=_name(sim, opened.agent_id), customer=customer)


def _name(sim: Simulator, user_id: int) -> str:
    person = sim.user(user_id)
    return f"{person['firstname']} {person['lastname']}"


def _caller(outcome: CallOutcome) -> CallerSeen:
    if outcome.certainty is None:
        return CallerSeen()
    return CallerSeen(certainty=Certainty(outcome.certainty), recognised=outcome.recognised)
