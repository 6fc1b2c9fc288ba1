"""Whether a ticket of ours is a person's by now, and what its state means."""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum

NOBODY = 1  # user "-": the owner of what nobody owns, and whoever writes what triggers write


class StateType(IntEnum):
    """docs/reference/zammad.md section 6.1."""

    NEW = 1
    OPEN = 2
    PENDING_REMINDER = 3
    PENDING_ACTION = 4
    CLOSED = 5
    MERGED = 6
    REMOVED = 7


PENDING = frozenset({StateType.PENDING_REMINDER, StateType.PENDING_ACTION})
ENDED = frozenset({StateType.CLOSED, StateType.MERGED, StateType.REMOVED})


def has_been_worked_on(
    *, authors: Collection[int | None], owner_id: int | None, state_type: int, service_user: int
) -> bool:
    """By a person: they wrote an article, own it, or want to be reminded. Priority, tags and group say nothing."""
    people = set(authors) - {service_user, NOBODY, None}
    return bool(people) or owner_id not in {None, NOBODY} or state_type in PENDING
