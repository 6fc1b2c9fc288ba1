"""Which phones each call is on: whoever answers another one may have ended the call before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Float, Row, bindparam, or_, select, update

from sidecar.calls.conversation.phones import Phone, PhoneUse, next_answers
from sidecar.store.calls.tables import call_phones, conversations
from sidecar.store.row_lists import adding_where_new, rows_added
from sidecar.store.value_lists import is_one_of_many

_columns = call_phones.c
_TAKE = adding_where_new(call_phones, ("conversation_id", "sipgate_id", "account", "at", "answers"))
_SINCE = _columns.at > bindparam("since", type_=Float)
_ANSWERED = select(call_phones).where(is_one_of_many(_columns.sipgate_id), _SINCE, _columns.answers.is_(True))
_UNENDED = (
    select(call_phones)
    .join(conversations, conversations.c.id == _columns.conversation_id)
    .where(is_one_of_many(_columns.sipgate_id), _SINCE, conversations.c.ended_at.is_(None))
)
_WAKE_BY = bindparam("wake_by", type_=Float)
_WAKE = (
    update(conversations)
    .where(conversations.c.id == bindparam("key"))
    .where(or_(conversations.c.wake_at.is_(None), conversations.c.wake_at > _WAKE_BY))
    .values(wake_at=_WAKE_BY)
)


def take_phones(
    connection: Connection, uses: Mapping[int, Collection[PhoneUse]], *, longest: float, wake_after: float
) -> None:
    """These conversations are on these phones.

    Those of the last `longest` seconds that still seem to be on one of them wake so many seconds after its answer.
    """
    rows = [_values(number, use) for number, those in uses.items() for use in sorted(those)]
    answers = [(row.conversation_id, _use(row)) for row in rows_added(connection, _TAKE, rows) if row.answers]
    if not answers:
        return
    phones = {use.phone.sipgate_id for _, use in answers}
    since = min(use.at for _, use in answers) - longest
    unended = connection.execute(_UNENDED, {"many": list(phones), "since": since})
    ends = next_answers([(row.conversation_id, _use(row)) for row in unended], answers)
    if ends:
        connection.execute(_WAKE, [{"key": number, "wake_by": at + wake_after} for number, at in ends.items()])


def answered_since(connection: Connection, phones: Iterable[Phone], since: float) -> list[tuple[int, PhoneUse]]:
    """Conversations that were answered after an instant at phones with these ids, of whatever account."""
    ids = {phone.sipgate_id for phone in phones}
    return [
        (row.conversation_id, _use(row)) for row in connection.execute(_ANSWERED, {"many": list(ids), "since": since})
    ]


def _values(number: int, use: PhoneUse) -> dict[str, object]:
    phone = {"sipgate_id": use.phone.sipgate_id, "account": use.phone.account}
    return {"conversation_id": number, **phone, "at": use.at, "answers": use.answers}


def _use(row: Row[Any]) -> PhoneUse:
    return PhoneUse(phone=Phone(sipgate_id=row.sipgate_id, account=row.account), at=row.at, answers=row.answers)
