"""What the fold leaves for the pages, in its own transaction: words to search by, who took part, missed calls."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, Table, delete, insert, select

from sidecar.calls.listing import ListedCall, words_of
from sidecar.store.listed_calls import in_portions, listed_calls
from sidecar.store.missed import bring_up_to_date
from sidecar.store.page_changes import Kind, note_changes, take_turn
from sidecar.store.web_tables import call_agents, call_words

Key = tuple[int, str | int]


def note_calls(
    connection: Connection,
    ids: Collection[int],
    *,
    now: float,
    agents: Mapping[int, Collection[int]] | None = None,
    gone: Collection[int] = (),
) -> None:
    """These conversations were saved, those are `gone`: open pages, search and missed calls follow.

    `agents`: conversations to everybody of ours who took part, as far as that was looked at now.
    """
    take_turn(connection)
    calls = listed_calls(connection, ids)
    if agents is not None:
        taking_part = {number: agents[number] for number in calls if number in agents}
        _replace(connection, call_agents, "agent_id", taking_part)
    _replace(connection, call_words, "word", {number: words_of(call) for number, call in calls.items()})
    bring_up_to_date(connection, _in_order(calls, ids), now=now, regrouped=bool(gone))
    note_changes(connection, Kind.CALL, [*gone, *ids], now=now)


def _in_order(calls: Mapping[int, ListedCall], ids: Collection[int]) -> Sequence[ListedCall]:
    return [calls[number] for number in ids if number in calls]


def _replace(connection: Connection, table: Table, column: str, wanted: Mapping[int, Collection[str | int]]) -> None:
    """Let each of these conversations have these values and no others; mostly they have them already."""
    value, owner = table.c[column], table.c.conversation_id
    kept: set[Key] = set()
    for some in in_portions(wanted):
        rows = connection.execute(select(owner, value).where(owner.in_(some)))
        kept.update((row[0], row[1]) for row in rows)
    asked: set[Key] = {(number, each) for number, values in wanted.items() for each in values}
    for number, each in kept - asked:
        connection.execute(delete(table).where(owner == number, value == each))
    if asked - kept:
        rows_to_add = [{"conversation_id": number, column: each} for number, each in sorted(asked - kept, key=str)]
        connection.execute(insert(table), rows_to_add)
