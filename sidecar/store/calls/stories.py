"""One conversation with all that is known of it: its legs, and the hooks that told of them while they are kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from sidecar.calls.conversation.legs import Taker
from sidecar.calls.pages.listing import ListedCall
from sidecar.store.calls.listed import listed_calls
from sidecar.store.calls.tables import conversations
from sidecar.store.journal.hooks import hooks_of
from sidecar.store.journal.rows import StoredHook
from sidecar.store.value_lists import is_one_of_many, rows_about

Json = Any
_STORIES = select(conversations.c.id, conversations.c.story).where(is_one_of_many(conversations.c.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    call: ListedCall
    legs: tuple[Mapping[str, Json], ...]  # calls.legs.Leg without what is empty
    hooks: tuple[StoredHook, ...]  # oldest first


def read_story(connection: Connection, conversation_id: int) -> Story | None:
    call = listed_calls(connection, [conversation_id]).get(conversation_id)
    if call is None:
        return None
    query = select(conversations.c.story).where(conversations.c.id == conversation_id)
    legs = connection.execute(query).scalar_one()
    return Story(call=call, legs=tuple(legs), hooks=tuple(hooks_of(connection, [conversation_id])[conversation_id]))


def answered_by_machines(connection: Connection, ids: Collection[int]) -> frozenset[int]:
    """Those of these calls that a voicemail has answered."""
    rows = rows_about(connection, _STORIES, ids)
    return frozenset(row.id for row in rows if any(machine_in(leg) for leg in row.story))


def machine_in(leg: Mapping[str, Json]) -> bool:
    """Whether a voicemail has answered this leg."""
    return any(pickup.get("taker") == Taker.MACHINE for pickup in leg.get("pickups", ()))
