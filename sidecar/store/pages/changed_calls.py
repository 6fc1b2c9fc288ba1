"""What the fold leaves for the pages, in its own transaction: words to search by, who took part, missed calls."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection, Table, select

from sidecar.calls.pages.listing import ListedCall, words_of
from sidecar.store.calls.listed import listed_calls
from sidecar.store.calls.tables import call_agents, call_words
from sidecar.store.missed.from_calls import bring_up_to_date
from sidecar.store.replicas.page_changes import Kind, note_changes, take_turn
from sidecar.store.row_lists import RowStatement, adding, deleting, execute_rows
from sidecar.store.value_lists import is_one_of_many, rows_about

Key = tuple[int, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Values:
    """A table of values of conversations, and the statements about it."""

    column: str
    insert: RowStatement
    delete: RowStatement

    @classmethod
    def of(cls, table: Table, column: str) -> Self:
        names = ("conversation_id", column)
        return cls(column=column, insert=adding(table, names), delete=deleting(table, names))

    def rows(self, keys: Iterable[Key]) -> list[dict[str, str | int]]:
        """In the same order everywhere."""
        return [{"conversation_id": number, self.column: each} for number, each in sorted(keys, key=str)]


_AGENTS = _Values.of(call_agents, "agent_id")
_WORDS = _Values.of(call_words, "word")
_OLD_WORDS = select(call_words).where(is_one_of_many(call_words.c.conversation_id))


def note_changed_calls(
    connection: Connection,
    ids: Collection[int],
    *,
    now: float,
    agents: Mapping[int, Collection[int]] | None = None,
    gone: Collection[int] = (),
    fresh: Collection[int] = (),
) -> None:
    """These conversations were saved, those are `gone`: open pages, search and missed calls follow.

    `agents`: conversations to everybody of ours who took part, as far as that was looked at now.
    `fresh`: those of the saved ones that were not there before.
    """
    take_turn(connection)
    calls = listed_calls(connection, ids, fresh)
    if agents is not None:
        taking_part = {number: agents[number] for number in calls if number in agents}
        kept: set[Key] = {(number, agent) for number in taking_part for agent in calls[number].agents}
        _replace(connection, _AGENTS, taking_part, kept)
    words = {number: words_of(call) for number, call in calls.items()}
    _replace(connection, _WORDS, words, _words_kept(connection, words.keys() - set(fresh)))
    bring_up_to_date(connection, _in_order(calls, ids), now=now, regrouped=bool(gone), fresh=fresh)
    note_changes(connection, Kind.CALL, [*gone, *ids], now=now)


def _in_order(calls: Mapping[int, ListedCall], ids: Collection[int]) -> Sequence[ListedCall]:
    return [calls[number] for number in ids if number in calls]


def _words_kept(connection: Connection, ids: Collection[int]) -> set[Key]:
    return {(row.conversation_id, row.word) for row in rows_about(connection, _OLD_WORDS, ids)}


def _replace(
    connection: Connection, values: _Values, wanted: Mapping[int, Collection[str | int]], kept: set[Key]
) -> None:
    """Let each of these conversations have these values and no others; mostly they have them already."""
    asked: set[Key] = {(number, each) for number, those in wanted.items() for each in those}
    execute_rows(connection, values.delete, values.rows(kept - asked))
    execute_rows(connection, values.insert, values.rows(asked - kept))
