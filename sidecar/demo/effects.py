"""What a call has brought about, as an agent and sipgate would see it, in words that can be compared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sidecar.calls.pages.missed import ClosedBecause
from sidecar.scripted_calls.phone import Exchange
from sidecar.store.calls.outcome import CallOutcome
from sidecar.store.calls.visibility import SEES_ALL
from sidecar.store.database import Connection
from sidecar.store.missed.entries import closed_missed
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words
from zammad_client.records import Json
from zammad_client.simulator import Opened, Simulator
from zammad_client.simulator.models.tickets import STATES

NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """`rows` of Zammad's caller log, what `opened` in the agents' browsers, who the sidecar says the caller is, and how
    their missed call was closed."""

    answer: str
    rows: tuple[str, ...]
    opened: tuple[str, ...] = ()
    caller: str
    missed: str = ""
    ticket: str = ""  # the callback ticket of the caller, and its state
    note: str = ""  # what the agent wrote about it, with the time and the ticket

    def in_words(self) -> list[str]:
        return [
            f"phone: {self.answer}",
            *(f"log: {row}" for row in self.rows or ("no row",)),
            *(f"opens: {what}" for what in self.opened or ("nothing",)),
            f"caller: {self.caller}",
            *([f"missed call: {self.missed}"] if self.missed else []),
            *([f"ticket: {self.ticket}"] if self.ticket else []),
            *([f"note: {self.note}"] if self.note else []),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class InZammad:
    """What the simulated Zammad shows of one call."""

    rows: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()

    def news_since(self, before: InZammad) -> str:
        """What has changed, in words."""
        rows = [row for row in self.rows if row not in before.rows]
        return "; ".join([*rows, *(f"opened: {what}" for what in self.opened[len(before.opened) :])]) or "-"


def seen_in_zammad(sim: Simulator, call_ids: Collection[str]) -> InZammad:
    rows = [row for row in sim.call_log if row["call_id"] in call_ids]
    opened = [each for each in list(sim.opened) if each.call_id in call_ids]
    return InZammad(rows=tuple(map(_row, rows)), opened=tuple(_opening(sim, each) for each in opened))


def seen_effects(
    seen: InZammad,
    exchanges: Sequence[Exchange],
    outcome: CallOutcome | None,
    *,
    missed: str = "",
    ticket: str = "",
    note: str = "",
) -> Effects:
    return Effects(
        answer=next((exchange.wishes.action for exchange in exchanges), "no hook sent"),
        rows=seen.rows,
        opened=seen.opened,
        caller=_caller(outcome),
        missed=missed,
        ticket=ticket,
        note=note,
    )


def newest_ticket_titled(sim: Simulator, title: str) -> str:
    """`title, state` of the newest ticket that is called so."""
    with sim.lock:
        found = [ticket for ticket in sim.tickets.all() if ticket.title == title]
        return f"{title}, {STATES[found[-1].state_id]}" if found else "no ticket"


def missed_call_of(connection: Connection, number: str) -> str:
    """How the newest missed call of this number that was closed came to be so."""
    closed = (entry for entry in closed_missed(connection, SEES_ALL) if entry.number == number)
    entry = next(closed, None)
    if entry is None:
        return "open"
    return f"{entry.closed_by} called back" if entry.closed_because == ClosedBecause.TALKED_OUT else "closed otherwise"


def _row(row: Json) -> str:
    caller = row["from_comment"] or (NOBODY if row["direction"] == "in" else row["from"])
    callee = row["to_comment"] or row["to"]
    return f"{caller} → {callee}, {_state(row)}"


def _state(row: Json) -> str:
    match row["state"]:
        case "newCall":
            return "ringing"
        case "answer":
            return "connected"
        case _ if row["comment"] and row["comment"].startswith("blocked"):
            return str(row["comment"])
        case _:
            return "ended" if row["done"] else "missed"


def _opening(sim: Simulator, opened: Opened) -> str:
    agent = _name(sim, opened.agent_id)
    if opened.customer_id is None:
        return f"empty {opened.kind} for {agent}"
    return f"{opened.kind} of {_name(sim, opened.customer_id)} for {agent}"


def _name(sim: Simulator, user_id: int) -> str:
    person = sim.user(user_id)
    return f"{person['firstname']} {person['lastname']}"


def _caller(outcome: CallOutcome | None) -> str:
    if outcome is None:
        return "no conversation"
    if outcome.certainty is None:
        return "withheld"
    return f"{outcome.certainty}: {sentence(outcome.recognised, Words()) if outcome.recognised else NOBODY}"
