"""Which entry is which call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sidecar.calls.sipgate.history import Entry, KnownCall, call_of_message, places_of
from tests.sidecar.calls.sipgate.history_entries import CALL, KNOWN, MESSAGE, T0

OTHER = replace(KNOWN, id=2, call_ids=frozenset({"another"}), root="another", started_at=T0 + 32.0)
SECOND = replace(CALL, id="9000000009", call_id="C3D4", started_at=T0 + 30.0)


@pytest.mark.parametrize(
    ("entry", "calls", "found"),
    [
        (CALL, [KNOWN], 1),
        (replace(CALL, call_id="other", started_at=T0 + 5000.0), [KNOWN], 1),
        (replace(CALL, started_at=T0 + 70.0), [KNOWN], None),
        (replace(CALL, callee="493023125011"), [KNOWN], None),
        (replace(CALL, incoming=False), [KNOWN], None),
        (CALL, [KNOWN, replace(KNOWN, id=2)], None),
        (CALL, [KNOWN, replace(KNOWN, id=2, call_ids=frozenset({CALL.call_id}))], 2),
    ],
)
def test_an_entry_is_a_call_by_id_else_by_numbers_and_start_if_only_one_fits(
    entry: Entry, calls: list[KnownCall], found: int | None
) -> None:
    call = places_of([entry], calls, "DE").known.get(entry.id)
    assert (call.id if call else None) == found


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        ([KNOWN, replace(KNOWN, id=2, started_at=T0 + 10.0)], 2),
        ([replace(KNOWN, started_at=T0 - 200.0)], None),
    ],
)
def test_a_message_is_that_of_the_newest_call_before_it(calls: list[KnownCall], found: int | None) -> None:
    call = call_of_message(MESSAGE, calls, "DE")
    assert (call.id if call else None) == found


def test_two_entries_that_are_like_two_known_calls_are_those_whichever_is_which() -> None:
    places = places_of([CALL, SECOND], [KNOWN, OTHER], "DE")
    assert not places.known
    assert places.unsure == {CALL.id, SECOND.id}


def test_an_entry_beside_two_known_calls_is_one_of_them() -> None:
    assert places_of([CALL], [KNOWN, OTHER], "DE").unsure == {CALL.id}


def test_a_third_entry_beside_two_known_calls_is_a_call_of_its_own() -> None:
    third = replace(CALL, id="9000000010", call_id="E5F6", started_at=T0 + 15.0)
    places = places_of([CALL, SECOND, third], [KNOWN, OTHER], "DE")
    assert not places.known
    assert places.unsure == {CALL.id, SECOND.id}


def test_the_nearest_entry_is_the_call_that_is_known() -> None:
    places = places_of([CALL, SECOND], [OTHER], "DE")
    assert {entry: call.id for entry, call in places.known.items()} == {SECOND.id: 2}
