"""From Zammad's JSON to records. What cannot be read raises UnreadableAnswerError, whatever it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import TypeVar

from rest_transport.errors import UnreadableAnswerError
from rest_transport.storable import storable
from zammad_client.records import (
    Article,
    Attribute,
    CallLogRow,
    Group,
    GroupRights,
    Json,
    Organization,
    Setting,
    Tab,
    Ticket,
    TicketForm,
    TicketState,
    User,
)

T = TypeVar("T")
LARGEST_ID = 2**63 - 1  # of a column
TIMES = frozenset({"created_at", "updated_at", "last_login"})  # strings in JSON only


def list_of(read: Callable[[Json], T]) -> Callable[[Json], list[T]]:
    """A reader of arrays from the reader of one element."""

    def read_list(value: Json) -> list[T]:
        if not isinstance(value, list):
            raise UnreadableAnswerError("an array was expected")
        return [read(element) for element in value]

    return read_list


def user_from(value: Json) -> User:
    row = _object(value)
    preferences = row.get("preferences")
    return User(
        id=_id(row, "id"),
        login=_text(row, "login"),
        firstname=_text(row, "firstname"),
        lastname=_text(row, "lastname"),
        email=_text(row, "email"),
        phone=_text(row, "phone"),
        mobile=_text(row, "mobile"),
        active=row.get("active") is not False,
        organization_id=_optional_id(row, "organization_id"),
        role_ids=_ids(row, "role_ids"),
        phone_switch=isinstance(preferences, dict) and preferences.get("cti") is True,
        locale=_text(preferences, "locale") if isinstance(preferences, dict) else "",
        updated_at=_time(row, "updated_at"),
        texts=_texts(row),
        flags=_flags(row),
    )


def organization_from(value: Json) -> Organization:
    row = _object(value)
    return Organization(
        id=_id(row, "id"),
        name=_text(row, "name"),
        active=row.get("active") is not False,
        member_ids=_ids(row, "member_ids"),
        updated_at=_time(row, "updated_at"),
        texts=_texts(row),
        flags=_flags(row),
    )


def setting_from(value: Json) -> Setting:
    row = _object(value)
    state = row.get("state_current")
    return Setting(
        id=_id(row, "id"),
        name=_required_text(row, "name"),
        value=_storable_json(state.get("value")) if isinstance(state, dict) else None,
    )


def call_log_from(value: Json) -> list[CallLogRow]:
    return list_of(_call_log_row_from)(_object(value).get("list"))


def _call_log_row_from(value: Json) -> CallLogRow:
    row = _object(value)
    return CallLogRow(
        id=_id(row, "id"),
        call_id=_required_text(row, "call_id"),
        direction=_text(row, "direction"),
        state=_text(row, "state"),
        caller=_text(row, "from"),
        callee=_text(row, "to"),
        done=row.get("done") is True,
        comment=_text(row, "comment"),
        to_comment=_text(row, "to_comment"),
        recognised=_recognised(row.get("preferences")),
    )


def _recognised(preferences: Json) -> tuple[int, ...]:
    """Who is known comes before who may be meant, as it does for Zammad (docs/reference/zammad.md section 1.4)."""
    matches = preferences.get("from") if isinstance(preferences, dict) else None
    entries = [each for each in matches if isinstance(each, dict)] if isinstance(matches, list) else []
    known = [each for each in entries if each.get("level") == "known"]
    return tuple(found for each in known or entries if (found := _optional_id(each, "user_id")) is not None)


def mandatory_from(value: Json) -> frozenset[str]:
    return frozenset(name for name, must in _object(_object(value).get("mandatory")).items() if must is True)


def names_of_fields(value: Json) -> frozenset[str]:
    """Of a record: every attribute it has, filled in or not."""
    return frozenset(_object(value))


def email_from(value: Json) -> str:
    """Of a record that has an address of its own."""
    return _text(_object(value), "email")


def tab_from(value: Json) -> Tab:
    row = _object(value)
    return Tab(
        id=_id(row, "id"),
        user_id=_id(row, "user_id"),
        key=_text(row, "key"),
        is_untouched=_text(row, "created_at") == _text(row, "updated_at"),
    )


def attribute_from(value: Json) -> Attribute:
    row = _object(value)
    return Attribute(
        id=_id(row, "id"),
        object=_text(row, "object"),
        name=_required_text(row, "name"),
        data_type=_text(row, "data_type"),
        active=row.get("active") is True,
        to_migrate=row.get("to_migrate") is True,
        display=_text(row, "display"),
    )


def ticket_from(value: Json) -> Ticket:
    row = _object(value)
    return Ticket(
        id=_id(row, "id"),
        number=_text(row, "number"),
        title=_text(row, "title"),
        state=_text(row, "state"),
        group=_text(row, "group"),
        customer_id=_id(row, "customer_id"),
        owner_id=_optional_id(row, "owner_id"),
        created_at=_time(row, "created_at"),
        updated_at=_time(row, "updated_at"),
        state_id=_optional_id(row, "state_id"),
        group_id=_optional_id(row, "group_id"),
        closed_at=_time(row, "close_at") if row.get("close_at") else None,
        article_ids=_ids(row, "article_ids"),
    )


def article_from(value: Json) -> Article:
    row = _object(value)
    preferences = row.get("preferences")
    return Article(
        id=_id(row, "id"),
        ticket_id=_id(row, "ticket_id"),
        type=_text(row, "type"),
        internal=row.get("internal") is True,
        author=_text(row, "created_by"),
        author_id=_optional_id(row, "created_by_id"),
        mark=_text(preferences, "sidecar") if isinstance(preferences, dict) else "",
    )


def ticket_state_from(value: Json) -> TicketState:
    row = _object(value)
    return TicketState(
        id=_id(row, "id"),
        name=_required_text(row, "name"),
        type_id=_id(row, "state_type_id"),
        active=row.get("active") is not False,
        default_create=row.get("default_create") is True,
    )


def group_from(value: Json) -> Group:
    row = _object(value)
    return Group(
        id=_id(row, "id"),
        name=_required_text(row, "name"),
        active=row.get("active") is not False,
        texts=_texts(row),
    )


def group_rights_from(value: Json) -> GroupRights:
    """Of a user or a role."""
    row = _object(value)
    rights = row.get("group_ids")
    granted = rights.items() if isinstance(rights, dict) else ()
    changes = (int(group_id) for group_id, names in granted if "full" in names or "change" in names)
    return GroupRights(id=_id(row, "id"), changes=frozenset(changes), role_ids=_ids(row, "role_ids"))


def ticket_form_from(value: Json) -> TicketForm:
    """Of the form for new tickets (docs/reference/zammad.md section 6.4)."""
    row = _object(value)
    workflow = _within(row, "form_meta", "core_workflow")
    options = {name: tuple(map(str, each)) for name, each in _within(workflow, "restrict_values").items() if each}
    allowed = options.get("group_id")
    return TicketForm(
        group_ids=None if allowed is None else frozenset(int(each) for each in allowed if each.isdecimal()),
        mandatory=frozenset(name for name, must in _within(workflow, "mandatory").items() if must is True),
        options=options,
        groups=tuple(map(group_from, _within(row, "assets", "Group").values())),
    )


def shown_settings_from(value: Json) -> Mapping[str, Json]:
    return dict(_object(_object(value).get("config")))


def _within(row: Mapping[str, Json], *names: str) -> Mapping[str, Json]:
    """Empty where there is none."""
    for name in names:
        inner = row.get(name)
        row = inner if isinstance(inner, dict) else {}
    return row


def acknowledged(value: Json) -> None:
    """An object or true, whatever is in it; anything else came from somebody other than Zammad."""
    if value is not True:
        _object(value)


def instant_from(value: Json) -> datetime:
    """The instant of an HTTP `Date` header."""
    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        raise UnreadableAnswerError("no date") from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _object(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise UnreadableAnswerError("an object was expected")
    return value


def _storable_json(value: Json) -> Json:
    match value:
        case str():
            return storable(value)
        case dict():
            return {storable(name): _storable_json(inner) for name, inner in value.items()}
        case list():
            return [_storable_json(inner) for inner in value]
        case float() if not isfinite(value):  # Python reads NaN, and no database has it in JSON
            return None
        case _:
            return value


def _id(row: Mapping[str, Json], name: str) -> int:
    if (found := _optional_id(row, name)) is None:
        raise UnreadableAnswerError(f"{name!r} is no id")
    return found


def _optional_id(row: Mapping[str, Json], name: str) -> int | None:
    value = row.get(name)
    return value if _is_id(value) else None


def _ids(row: Mapping[str, Json], name: str) -> tuple[int, ...]:
    value = row.get(name)
    return tuple(each for each in value if _is_id(each)) if isinstance(value, list) else ()


def _is_id(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_ID


def _text(row: Mapping[str, Json], name: str) -> str:
    value = row.get(name)
    return storable(value) if isinstance(value, str) else ""


def _required_text(row: Mapping[str, Json], name: str) -> str:
    if not (text := _text(row, name)):
        raise UnreadableAnswerError(f"{name!r} is missing")
    return text


def _time(row: Mapping[str, Json], name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(_text(row, name))
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableAnswerError(f"{name!r} is no time") from None


def _texts(row: Mapping[str, Json]) -> dict[str, str]:
    texts = {name: value for name, value in row.items() if isinstance(value, str) and name not in TIMES}
    return {storable(name): storable(value) for name, value in texts.items() if value}


def _flags(row: Mapping[str, Json]) -> dict[str, bool]:
    return {storable(name): value for name, value in row.items() if isinstance(value, bool)}
