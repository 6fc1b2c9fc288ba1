"""Which caller id an outbound call shows: a row of the table, else the agent's own number, else the table's default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sidecar.calls.numbers.layout import compact, plain
from sidecar.calls.numbers.number_pattern import NumberPattern, pattern_in
from sidecar.calls.numbers.number_table import NumberTable
from sidecar.calls.numbers.numbers import WITHHELD, e164_digits
from sidecar.calls.numbers.unclear_rows import Unclear, why_not_one_number
from sidecar.calls.reasons import Reason, because
from sidecar.calls.rules.agents import Agent
from sidecar.calls.rules.rows import Place, Row, Warnings
from sidecar.calls.sipgate.form import on_one_line

LONGEST_CALLER_ID = 20


class Chosen(StrEnum):
    """Why an outbound call shows this number."""

    BY_ROW = "caller_id.by_row"  # digits, row
    OF_AGENT = "caller_id.of_agent"  # digits, name
    BY_DEFAULT = "caller_id.by_default"  # digits


class NoCallerId(StrEnum):
    """What is wrong with a row, an agent's own number or the default."""

    DESTINATION = "no_caller_id.destination"  # why: `Unclear`
    OF_ROW = "no_caller_id.of_row"
    NO_NUMBER = "no_caller_id.no_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerId:
    digits: str  # ASCII
    reason: Reason  # `Chosen`


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    rows: NumberTable[CallerId]
    of_agents: dict[int, CallerId]  # by id of the Zammad user
    default: CallerId | None

    def caller_ids(self) -> list[CallerId]:
        """All that may be shown, each number with its first reason."""
        found: dict[str, CallerId] = {}
        for each in (*self.rows.rules(), *self.of_agents.values(), *filter(None, [self.default])):
            found.setdefault(each.digits, each)
        return list(found.values())

    def caller_id_for(self, callee: str | None, agent: Agent | None) -> CallerId | None:
        """`callee` is E.164 digits, None where it has none."""
        if callee and (by_row := self.rows.find(callee)):
            return by_row
        if agent and (own := self.of_agents.get(agent.id)):
            return own
        return self.default


def caller_id_digits(written: str, country: str) -> str | None:
    """A configured caller id as digits only. It needs no validity: sipgate knows which numbers are the account's."""
    if why_not_one_number(plain(written).strip(), country):
        return None
    if digits := e164_digits(written, country):
        return digits
    as_written = compact(written).removeprefix("+")
    return (
        as_written if as_written.isascii() and as_written.isdigit() and len(as_written) <= LONGEST_CALLER_ID else None
    )


def routing_from(
    table: Iterable[Row], default: str, agents: Iterable[Agent], country: str, warnings: Warnings
) -> Routing:
    return Routing(
        rows=NumberTable.of(_of_table(table, country)),
        of_agents=dict(_of_agents(agents, country, warnings)),
        default=_default(default, country, warnings),
    )


def _of_table(table: Iterable[Row], country: str) -> Iterator[tuple[NumberPattern, CallerId]]:
    for row in table:
        destination, written = row.text("dest"), row.text("caller_id")
        pattern = pattern_in(destination, country)
        digits = caller_id_digits(written, country)
        if isinstance(pattern, Reason):
            row.warn(destination, because(NoCallerId.DESTINATION, why=pattern))
        elif pattern.text == WITHHELD:
            row.warn(destination, because(NoCallerId.DESTINATION, why=because(Unclear.NO_PATTERN)))
        elif digits is None:
            row.warn(written, because(NoCallerId.OF_ROW))
        else:
            reason = because(Chosen.BY_ROW, digits=digits, row=on_one_line(destination))
            yield pattern, CallerId(digits=digits, reason=reason)


def _of_agents(agents: Iterable[Agent], country: str, warnings: Warnings) -> Iterator[tuple[int, CallerId]]:
    for agent in agents:
        if not agent.active or not agent.sipgate_number.strip():
            continue
        digits = caller_id_digits(agent.sipgate_number, country)
        if digits is None:
            place = because(Place.SIPGATE_NUMBER, user=agent.id)
            warnings.add(place, agent.sipgate_number, because(NoCallerId.NO_NUMBER))
        else:
            reason = because(Chosen.OF_AGENT, digits=digits, name=on_one_line(agent.name, 80))
            yield agent.id, CallerId(digits=digits, reason=reason)


def _default(written: str, country: str, warnings: Warnings) -> CallerId | None:
    if not written:
        return None
    digits = caller_id_digits(written, country)
    if digits is None:
        warnings.add(because(Place.DEFAULT_CALLER_ID), written, because(NoCallerId.NO_NUMBER))
        return None
    return CallerId(digits=digits, reason=because(Chosen.BY_DEFAULT, digits=digits))
