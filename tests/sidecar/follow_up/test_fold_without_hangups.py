"""A hangup that never comes: the next call at the same phone ends the call, in any order of hooks, on the databases.

Shown by sipgate/sipgate.io 96, 64 and 45 (hangups that were never sent).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy import select

from sidecar.calls.conversation.caller_log import CloseRow
from sidecar.calls.conversation.conversation import NEXT_CALL
from sidecar.calls.sipgate.events import Answered, HungUp, KeysPressed, NewCall
from sidecar.store.calls.conversations import conversations_with_keys
from sidecar.store.calls.tables import conversations
from sidecar.store.database import Database
from sidecar.store.journal.rows import HookRow
from tests.sidecar.calls.conversation.traces import OUTBOUND, SIMPLE
from tests.sidecar.follow_up.folding import START, effects, fold, hook, take_down

RING, ANSWER, END = SIMPLE.events
assert isinstance(RING, NewCall)
assert isinstance(ANSWER, Answered)
assert isinstance(END, HungUp)
NEXT = START + 300.0
FIRST = (hook(RING), hook(ANSWER, at=START + 5))
SECOND = (
    hook(replace(RING, call_id="B", xcid="bb02"), at=NEXT - 4),
    hook(replace(ANSWER, call_id="B", xcid="bb02"), at=NEXT),
)


def outcomes(database: Database) -> dict[str, tuple[str, float | None]]:
    """Legs to state and end of their calls."""
    with database.reading() as connection:
        places = conversations_with_keys(connection, ["A", "B"])
        rows = {row.id: row for row in connection.execute(select(conversations))}
    return {leg: (rows[number].state, rows[number].ended_at) for leg, number in places.items()}


def closed(database: Database) -> list[tuple[str, str]]:
    return [(effect.call_id, effect.cause) for effect in effects(database) if isinstance(effect, CloseRow)]


def fold_all(database: Database, *, now: float) -> None:
    while (folded := fold(database, now=now)).more or (folded.wake_at is not None and folded.wake_at <= now):
        pass


def test_the_next_call_at_the_same_phone_ends_the_one_before_in_zammad_as_well(database: Database) -> None:
    take_down(database, *FIRST)
    fold_all(database, now=START + 100)
    take_down(database, *SECOND)
    assert fold(database, now=NEXT).wake_at == NEXT + 10, "when the second talk has lasted long enough"
    assert fold(database, now=NEXT + 10).wake_at == NEXT + NEXT_CALL
    assert outcomes(database) == {"A": ("answered", None), "B": ("answered", None)}
    fold(database, now=NEXT + NEXT_CALL)
    assert outcomes(database) == {"A": ("unknown", NEXT), "B": ("answered", None)}
    assert closed(database) == [("A", "unknown")]


@pytest.mark.parametrize("order", [*permutations(range(4))], ids=str)
def test_the_order_in_which_hooks_reach_the_journal_does_not_matter(database: Database, order: tuple[int, ...]) -> None:
    rows = [*FIRST, *SECOND]
    for place in order:
        take_down(database, rows[place])
        fold_all(database, now=NEXT + 1)
    fold_all(database, now=NEXT + NEXT_CALL)
    assert outcomes(database) == {"A": ("unknown", NEXT), "B": ("answered", None)}


def test_all_in_one_fold_long_afterwards_ends_alike(database: Database) -> None:
    take_down(database, *FIRST, *SECOND)
    fold_all(database, now=NEXT + 1000)
    assert outcomes(database) == {"A": ("unknown", NEXT), "B": ("answered", None)}


def test_after_a_restart_the_call_ends_all_the_same(database: Database, other_database: Database) -> None:
    take_down(database, *FIRST, *SECOND)
    fold_all(database, now=NEXT + 1)
    fold_all(other_database, now=NEXT + NEXT_CALL)
    assert outcomes(other_database)["A"] == ("unknown", NEXT)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        (hook(END, at=NEXT + 10), ("ended", NEXT + 10)),
        (hook(END, at=NEXT + 4000), ("ended", NEXT + 4000)),
        (hook(KeysPressed(call_id="A", digits="1"), at=NEXT + 10), ("answered", None)),
    ],
)
def test_what_the_call_itself_says_counts_more(
    database: Database, more: HookRow, state: tuple[str, float | None]
) -> None:
    take_down(database, *FIRST, *SECOND)
    fold_all(database, now=NEXT + 1)
    if more.received_at > NEXT + NEXT_CALL:
        fold_all(database, now=more.received_at - 1)
    take_down(database, more)
    fold_all(database, now=more.received_at + 100)
    assert outcomes(database)["A"] == state


def test_zammad_hears_nothing_of_a_hangup_that_comes_after_all(database: Database) -> None:
    take_down(database, *FIRST, *SECOND)
    fold_all(database, now=NEXT + 100)
    before = effects(database)
    take_down(database, hook(END, at=NEXT + 4000))
    fold_all(database, now=NEXT + 4100)
    assert effects(database) == before
    assert outcomes(database)["A"] == ("ended", NEXT + 4000)


def test_a_call_that_is_dialled_at_the_phone_ends_nothing(database: Database) -> None:
    rows = [hook(event, at=NEXT) for event in OUTBOUND.events[:2]]
    others = [replace(row, body=row.body.replace(b"callId=A", b"callId=B").replace(b"aa01", b"bb02")) for row in rows]
    take_down(database, *FIRST, *others)
    fold_all(database, now=NEXT + 1000)
    assert outcomes(database) == {"A": ("answered", None), "B": ("answered", None)}


def test_a_colleagues_call_ends_nothing(database: Database) -> None:
    ring, answer = SECOND
    other = replace(answer, body=answer.body.replace(b"w1", b"w2"))
    take_down(database, *FIRST, ring, other)
    fold_all(database, now=NEXT + 1000)
    assert outcomes(database)["A"] == ("answered", None)
