"""Conversations in the database: found by the keys of their legs, saved as the fold has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Float, Integer, bindparam, delete, select, update

from sidecar.calls.conversation.caller_log import Told
from sidecar.calls.conversation.conversation import Conversation, State
from sidecar.calls.conversation.desk import Addressee
from sidecar.calls.conversation.legs import Leg, Pickup
from sidecar.calls.identification import Certainty
from sidecar.calls.reasons import as_json
from sidecar.calls.sipgate.events import Direction
from sidecar.store.calls.tables import call_keys, conversations, outbox
from sidecar.store.journal.hooks import move_hooks
from sidecar.store.row_lists import adding, adding_with_ids, changing, execute_rows, ids_of_added
from sidecar.store.value_lists import is_one_of_many, rows_about

LONGEST_NUMBER = 20  # characters, of the column
_CALLER = ("number", "certainty", "person_id", "organization_id", "identified_as")

_WITH_KEYS = select(call_keys.c.key, call_keys.c.conversation_id).where(is_one_of_many(call_keys.c.key))
_KEYS_OF = select(call_keys.c.key).where(call_keys.c.conversation_id == bindparam("conversation"))
_KNOWN = select(*(conversations.c[name] for name in ("id", "told", "started_at", "ended_at", *_CALLER))).where(
    is_one_of_many(conversations.c.id)
)
_OF_NUMBERS = select(conversations.c.id, conversations.c.number).where(is_one_of_many(conversations.c.number))
_SAVE_KEYS = adding(
    call_keys,
    ("key", "conversation_id"),
    then="ON CONFLICT (key) DO UPDATE SET conversation_id = excluded.conversation_id",
)
_SAVED = (
    *("direction", "internal", "test", "state", "short_ring", "caller", "callee", "line", "agent", "agent_id"),
    *("started_at", "answered_at", "ended_at", "waiting", "talking", "counts_at", "talked_with"),
    *("story", "told", "changed_at", "wake_at"),
)
_SAVE_NEW = adding_with_ids(conversations, (*_SAVED, *_CALLER))
_SAVE_OLD = changing(conversations, _SAVED)
_SAVE_OLD_RENAMED = changing(conversations, (*_SAVED, *_CALLER))
_SLEEPING = conversations.c.wake_at.is_not(None)  # as the index has it
_WAKING = (
    select(conversations.c.id)
    .where(_SLEEPING, conversations.c.wake_at <= bindparam("now", type_=Float))
    .order_by(conversations.c.wake_at)
    .limit(bindparam("most", type_=Integer))
)
_OF_ALL_OF = update(conversations).where(is_one_of_many(conversations.c.id))
_LET_SLEEP = _OF_ALL_OF.values(wake_at=None)
_NEXT_WAKING = select(conversations.c.wake_at).where(_SLEEPING).order_by(conversations.c.wake_at).limit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What the look-up found out about the other party."""

    number: str | None = None  # E.164 digits
    certainty: str | None = None
    person_id: int | None = None
    organization_id: int | None = None
    identified_as: str | None = None  # a `Reason` as text

    @property
    def certain_person(self) -> int | None:
        return self.person_id if self.certainty == Certainty.CERTAIN else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the fold needs of a conversation that is there already; the rest it makes anew from the hooks."""

    told: Told
    caller: Caller
    started_at: float
    ended_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedConversation:
    """A conversation on its way into the database. `id` is None where it is new."""

    id: int | None
    conversation: Conversation
    told: Told
    caller: Caller | None  # None: as it is kept
    customer: int | None = None  # id of the person it certainly is with
    agent: str | None
    agent_id: int | None
    taking_part: frozenset[int]  # ids of our agents
    test: bool


def conversations_with_keys(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    return {row.key: row.conversation_id for row in rows_about(connection, _WITH_KEYS, dict.fromkeys(keys))}


def keys_of(connection: Connection, conversation_id: int) -> list[str]:
    """CallIds of its legs, and its xcid where it has one."""
    return list(connection.execute(_KEYS_OF, {"conversation": conversation_id}).scalars())


def add_keys(connection: Connection, places: Mapping[str, int]) -> None:
    """Let these keys lead to these conversations; an xcid may be used by another call later."""
    if places:
        rows = [{"key": key, "conversation_id": conversation_id} for key, conversation_id in places.items()]
        execute_rows(connection, _SAVE_KEYS, rows)


def known_of(connection: Connection, ids: Collection[int]) -> dict[int, Known]:
    """What is kept of each of these conversations."""
    known: dict[int, Known] = {}
    for row in rows_about(connection, _KNOWN, ids):
        caller = Caller(**{name: getattr(row, name) for name in _CALLER})
        known[row.id] = Known(
            told=_told_from(row.told), caller=caller, started_at=row.started_at, ended_at=row.ended_at
        )
    return known


def save_conversations(connection: Connection, saved: Sequence[SavedConversation], *, now: float) -> list[int]:
    """Write them; returns their ids in the order given."""
    old = [entry for entry in saved if entry.id is not None]
    new = [_columns(entry, now) for entry in saved if entry.id is None]
    for statement, renamed in ((_SAVE_OLD, False), (_SAVE_OLD_RENAMED, True)):
        rows = [{"id": entry.id, **_columns(entry, now)} for entry in old if (entry.caller is not None) is renamed]
        execute_rows(connection, statement, rows)
    fresh = iter(ids_of_added(connection, _SAVE_NEW, new))
    return [entry.id if entry.id is not None else next(fresh) for entry in saved]


def absorb(connection: Connection, elder: int, younger: Collection[int]) -> None:
    """The younger conversations prove to be the elder: their hooks, keys and undelivered work become its own."""
    move_hooks(connection, to=elder, out_of=younger)
    for table in (call_keys, outbox):
        moved = update(table).where(table.c.conversation_id.in_(younger)).values(conversation_id=elder)
        connection.execute(moved)
    connection.execute(delete(conversations).where(conversations.c.id.in_(younger)))


def waking(connection: Connection, *, now: float, limit: int) -> list[int]:
    """Conversations that time alone has changed."""
    return list(connection.execute(_WAKING, {"now": now, "most": limit}).scalars())


def let_sleep(connection: Connection, ids: Collection[int]) -> None:
    """Time alone changes nothing about these any more."""
    if ids:
        connection.execute(_LET_SLEEP, {"many": ids})


def next_waking(connection: Connection) -> float | None:
    return connection.execute(_NEXT_WAKING).scalar()


def conversations_of_number(connection: Connection, digits: Collection[str]) -> list[tuple[int, str]]:
    """Ids and numbers of the conversations with any of these numbers."""
    return [(row.id, row.number) for row in rows_about(connection, _OF_NUMBERS, digits)]


def numbers_at_organization(connection: Connection, organization_id: int, prefix: str) -> set[str]:
    """Numbers beginning so from which somebody at this organization was called or has called."""
    own = conversations.c
    begins_so = own.number.between(prefix, prefix.ljust(LONGEST_NUMBER, "9"))
    query = select(own.number).where(begins_so, own.organization_id == organization_id).distinct()
    return set(connection.execute(query).scalars())


def numbers_beginning(connection: Connection, prefix: str, *, most: int) -> set[str]:
    """Numbers from which there were calls, or to which: these digits with at most so many more."""
    own = conversations.c.number
    query = select(own).where(own.between(prefix, prefix.ljust(LONGEST_NUMBER, "9"))).distinct()
    return {number for number in connection.execute(query).scalars() if len(number) <= len(prefix) + most}


def save_caller(connection: Connection, ids: Collection[int], caller: Caller, *, now: float) -> None:
    """Put another result of the look-up into these conversations."""
    found = {name: value for name, value in asdict(caller).items() if name != "number"}
    connection.execute(_OF_ALL_OF.values(**found, changed_at=now), {"many": ids})


def _columns(entry: SavedConversation, now: float) -> dict[str, Any]:
    conversation, caller = entry.conversation, entry.caller
    return {
        "direction": conversation.direction.value,
        "internal": conversation.internal,
        "test": entry.test,
        **_state_columns(conversation.state),
        "caller": conversation.caller,
        "callee": conversation.callee,
        "line": _line(conversation),
        "agent": entry.agent,
        "agent_id": entry.agent_id,
        "started_at": conversation.started_at,
        "answered_at": conversation.answered_at,
        "ended_at": conversation.ended_at,
        "waiting": conversation.waiting,
        "talking": conversation.talking,
        "counts_at": conversation.counts_at,
        "talked_with": None if conversation.counts_at is None else entry.customer,
        "story": [_leg_story(leg) for leg in conversation.legs],
        "told": _told_as_json(entry.told),
        "changed_at": now,
        "wake_at": conversation.wake_at,
        **({name: getattr(caller, name) for name in _CALLER} if caller else {}),
    }


def _state_columns(state: State) -> dict[str, Any]:
    short = state is State.SHORT_RING
    return {"state": (State.MISSED if short else state).value, "short_ring": short}


def _line(conversation: Conversation) -> str:
    """Our side of the call, as first dialled or dialled from."""
    return conversation.caller if conversation.direction is Direction.OUT else conversation.callee


def _leg_story(leg: Leg) -> dict[str, Any]:
    """A leg as the pages tell it, without what is not there."""
    story = {
        "call_id": leg.call_id,
        "orig_call_id": leg.orig_call_id,
        "direction": leg.direction,
        "caller": leg.caller,
        "callee": leg.callee,
        "users": leg.users,
        "user_ids": leg.user_ids,
        "diversion": leg.diversion,
        "began_at": leg.began_at,
        "pickups": [_pickup_story(pickup) for pickup in leg.pickups],
        "hung_up_at": leg.hung_up_at,
        "cause": leg.cause,
        "rejected": as_json(leg.rejected) if leg.rejected else None,
    }
    return {name: value for name, value in story.items() if value}


def _pickup_story(pickup: Pickup) -> dict[str, Any]:
    who = {"user": pickup.user, "user_id": pickup.user_id, "full_user_id": pickup.full_user_id}
    return {"at": pickup.at, "taker": pickup.taker, **{name: value for name, value in who.items() if value}}


def _told_as_json(told: Told) -> dict[str, Any]:
    return {
        "call_id": told.call_id,
        "answered": told.answered,
        "shown": {"name": told.shown.name, "agent_id": told.shown.agent_id},
        "closed_at": told.closed_at,
        "legs": told.legs,
        "dialogs": told.dialogs,
    }


def _told_from(saved: Mapping[str, Any]) -> Told:
    fields = dict(saved)
    fields["shown"] = Addressee(**fields["shown"])
    fields["dialogs"] = tuple(fields["dialogs"])
    fields["legs"] = tuple(fields.get("legs", ()))
    return Told(**fields)
