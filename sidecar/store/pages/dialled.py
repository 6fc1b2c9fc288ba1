"""Calls that were asked for with a click: written down before sipgate is asked, so that none is asked for twice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from sidecar.calls.reasons import Reason, as_text, reason_in
from sidecar.store.calls.tables import call_keys
from sidecar.store.database import serialised
from sidecar.store.pages.tables import dialled_calls


class DialState(StrEnum):
    BEGUN = "begun"  # sipgate may have been asked: whoever was to write down the answer is gone if it stays so
    RINGING = "ringing"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # it may be ringing


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialled:
    key: str
    user_id: int
    phone: str
    number: str  # E.164 digits
    begun_at: float
    ticket_id: int | None = None
    missed_id: int | None = None
    state: DialState = DialState.BEGUN
    session_id: str | None = None
    problem: Reason | None = None


def begin_dialling(connection: Connection, wanted: Dialled) -> bool:
    """False: this key was there already, and sipgate is not to be asked."""
    serialised(connection, f"dial {wanted.key}")
    if find_dialled(connection, wanted.key, wanted.user_id, of_anybody=True):
        return False
    connection.execute(insert(dialled_calls).values(**asdict(wanted) | {"problem": None}))
    return True


def settle_dialling(
    connection: Connection, key: str, state: DialState, *, session_id: str | None = None, problem: Reason | None = None
) -> None:
    kept = as_text(problem) if problem else None
    row = update(dialled_calls).where(dialled_calls.c.key == key)
    connection.execute(row.values(state=state, session_id=session_id, problem=kept))


def find_dialled(connection: Connection, key: str, user_id: int, *, of_anybody: bool = False) -> Dialled | None:
    """What this person has asked for under this key."""
    own = dialled_calls.c
    query = select(dialled_calls).where(own.key == key)
    return _read(connection, query if of_anybody else query.where(own.user_id == user_id))


def dialled_call(connection: Connection, conversation_id: int) -> Dialled | None:
    """The click that this call came from."""
    its_ids = select(call_keys.c.key).where(call_keys.c.conversation_id == conversation_id)
    return _read(connection, select(dialled_calls).where(dialled_calls.c.session_id.in_(its_ids)))


def last_phone(connection: Connection, user_id: int) -> str | None:
    """With which this person has called last."""
    own = dialled_calls.c
    newest = select(own.phone).where(own.user_id == user_id).order_by(own.begun_at.desc()).limit(1)
    return connection.scalar(newest)


def forget_dialled(connection: Connection, *, before: float) -> None:
    connection.execute(delete(dialled_calls).where(dialled_calls.c.begun_at < before))


def _read(connection: Connection, query: Select[Any]) -> Dialled | None:
    row = connection.execute(query).first()
    if row is None:
        return None
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    problem = reason_in(values["problem"]) if values["problem"] else None
    return Dialled(**values | {"state": DialState(values["state"]), "problem": problem})
