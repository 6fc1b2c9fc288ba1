"""Block list and caller ids: rows that were ignored, and rows that Zammad's built-in integration reads otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sidecar.calls.reasons import as_text
from sidecar.calls.rules.rows import Place
from sidecar.calls.rules.rules import RuleWarning
from sidecar.check.built_in import block_difference, order_differences, routing_difference
from sidecar.check.finding import Finding, listed, ok, warning
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words
from zammad_client.records import Json

_PAGE = "System > Integrations > sipgate.io"


def in_words(each: RuleWarning) -> str:
    words = Words()
    return f"{sentence(each.place, words)}: {each.text}: {sentence(each.problem, words)}"


def doubtful_row(each: RuleWarning) -> Finding:
    """A row, or a field of a user, that could not be understood or is hardly meant so."""
    place, subject, what = each.place.code, "settings", in_words(each)
    if not each.ignored:
        why, cure = "The row is in force.", f"remove it if that is not meant, or write a pattern such as 4989*, {_PAGE}"
        return warning("block list", what, why=why, cure=cure)
    why, cure = "This part of the page counts as empty.", f"save the page once, {_PAGE}"
    if place in {Place.BLOCK_LIST, Place.BLOCK_LIST_ROW}:
        subject, why = "block list", "The row is ignored: these callers get through."
        cure = f"write the number as +49…, or a pattern such as 4989*, {_PAGE}"
    elif place == Place.NUMBER_OF:
        subject, why = "block list", "The number is ignored: this caller gets through."
        cure = "correct the number in the record of that person or organization"
    elif place == Place.SIPGATE_NUMBER:
        subject, why = "caller ids", "Calls of this agent show the table's default."
        cure = "correct the field Sipgate number of that user: +49…"
    elif place in {Place.ROUTING_TABLE, Place.ROUTING_TABLE_ROW, Place.DEFAULT_CALLER_ID}:
        subject, why = "caller ids", "The row is ignored: these calls show another number."
        cure = f"write destination and caller id as +49…, 41* and the like, {_PAGE}"
    return warning(subject, what, why=why, cure=cure)


def block_list(config: Json, ignored: Iterable[RuleWarning], country: str) -> Finding | None:
    """What was understood; None where there is nothing."""
    rows = _table(config, "inbound", "block_caller_ids", "caller_id")
    differing = [
        f"row {number} ({text}) {difference}"
        for number, text in enumerate(rows, start=1)
        if (difference := block_difference(text, country))
    ]
    return _summary("block list", len(rows), _ignored(ignored), differing)


def routing(config: Json, ignored: Iterable[RuleWarning], country: str) -> Finding | None:
    rows = _table(config, "outbound", "routing_table", "dest")
    differing = [
        f"row {number} ({text}) {difference}"
        for number, text in enumerate(rows, start=1)
        if (difference := routing_difference(text, country))
    ]
    differing += [
        f"row {place + 1} ({rows[place]}) never counts there: row {earlier + 1} ({rows[earlier]}) stands before it"
        for place, earlier in order_differences(rows, country)
    ]
    return _summary("caller ids", len(rows), _ignored(ignored), differing)


def _ignored(rule_warnings: Iterable[RuleWarning]) -> int:
    return len({as_text(each.place) for each in rule_warnings if each.ignored})


def _summary(subject: str, count: int, ignored: int, differing: Sequence[str]) -> Finding | None:
    if not count:
        return None
    what = f"{count - ignored} of {count} rows understood"
    if differing:
        what += f"; Zammad's built-in integration would read otherwise: {listed(differing)}"
    return ok(subject, what)


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
