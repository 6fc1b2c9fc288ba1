"""Block list and caller ids: rows that were ignored, and rows that Zammad's built-in integration reads otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sidecar.calls.reasons import Reason, as_text, because
from sidecar.calls.rules.rows import Place
from sidecar.calls.rules.rules import RuleWarning
from sidecar.check.built_in import block_difference, order_differences, routing_difference
from sidecar.check.finding import Finding, ok, warning
from sidecar.codes.findings import Difference, Rows, Topic
from zammad_client.records import Json

_SUBJECTS = {  # where a row or a field stands that could not be understood
    Place.BLOCK_LIST: Topic.BLOCK_LIST,
    Place.BLOCK_LIST_ROW: Topic.BLOCK_LIST,
    Place.NUMBER_OF: Topic.BLOCK_LIST,
    Place.SIPGATE_NUMBER: Topic.CALLER_IDS,
    Place.ROUTING_TABLE: Topic.CALLER_IDS,
    Place.ROUTING_TABLE_ROW: Topic.CALLER_IDS,
    Place.DEFAULT_CALLER_ID: Topic.CALLER_IDS,
}
_FINDINGS = {
    Place.BLOCK_LIST: Rows.BLOCK_ROW,
    Place.BLOCK_LIST_ROW: Rows.BLOCK_ROW,
    Place.NUMBER_OF: Rows.BLOCKED_NUMBER,
    Place.SIPGATE_NUMBER: Rows.AGENTS_NUMBER,
    Place.ROUTING_TABLE: Rows.CALLER_ID,
    Place.ROUTING_TABLE_ROW: Rows.CALLER_ID,
    Place.DEFAULT_CALLER_ID: Rows.CALLER_ID,
}


def doubtful_row(each: RuleWarning) -> Finding:
    """A row, or a field of a user, that could not be understood or is hardly meant so."""
    place = Place(each.place.code)
    code = _FINDINGS.get(place, Rows.PART_OF_PAGE) if each.ignored else Rows.IN_FORCE
    about = because(code, place=each.place, text=each.text, problem=each.problem)
    return warning(_SUBJECTS.get(place, Topic.SETTINGS), about)


def block_list(config: Json, ignored: Iterable[RuleWarning], country: str) -> Finding | None:
    """What was understood; None where there is nothing."""
    rows = _table(config, "inbound", "block_caller_ids", "caller_id")
    differing = [
        _of_row(number, text, difference)
        for number, text in enumerate(rows, start=1)
        if (difference := block_difference(text, country))
    ]
    return _summary(Topic.BLOCK_LIST, len(rows), _ignored(ignored), differing)


def routing(config: Json, ignored: Iterable[RuleWarning], country: str) -> Finding | None:
    rows = _table(config, "outbound", "routing_table", "dest")
    differing = [
        _of_row(number, text, difference)
        for number, text in enumerate(rows, start=1)
        if (difference := routing_difference(text, country))
    ]
    differing += [
        because(Difference.SHADOWED, row=place + 1, text=rows[place], earlier=earlier + 1, earlier_text=rows[earlier])
        for place, earlier in order_differences(rows, country)
    ]
    return _summary(Topic.CALLER_IDS, len(rows), _ignored(ignored), differing)


def _of_row(number: int, text: str, difference: Reason) -> Reason:
    return because(Difference.OF_ROW, row=number, text=text, difference=difference)


def _ignored(rule_warnings: Iterable[RuleWarning]) -> int:
    return len({as_text(each.place) for each in rule_warnings if each.ignored})


def _summary(subject: Topic, count: int, ignored: int, differing: Sequence[Reason]) -> Finding | None:
    if not count:
        return None
    understood = count - ignored
    if differing:
        return ok(subject, because(Rows.READ_OTHERWISE, understood=understood, count=count, differences=differing))
    return ok(subject, because(Rows.UNDERSTOOD, understood=understood, count=count))


def _table(config: Json, section: str, table: str, column: str) -> list[str]:
    inner = config.get(section) if isinstance(config, Mapping) else None
    rows = inner.get(table) if isinstance(inner, Mapping) else None
    return [_text(row, column) for row in rows] if isinstance(rows, list) else []


def _text(row: Json, column: str) -> str:
    value = row.get(column) if isinstance(row, Mapping) else None
    return str(value).strip() if isinstance(value, str | int) else ""


def of_block_list(rule_warnings: Iterable[RuleWarning]) -> Iterator[RuleWarning]:
    return (each for each in rule_warnings if each.place.code == Place.BLOCK_LIST_ROW)


def of_routing(rule_warnings: Iterable[RuleWarning]) -> Iterator[RuleWarning]:
    return (each for each in rule_warnings if each.place.code == Place.ROUTING_TABLE_ROW)
