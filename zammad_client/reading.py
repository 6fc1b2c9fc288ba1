"""From Zammad's JSON to records. What cannot be read raises UnreadableAnswerError, whatever it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import TypeVar

from rest_transport.errors import UnreadableAnswerError
from rest_transport.fields import object_in, required_text_in, text_in, time_in
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
LONGEST_ID = 19  # digits
TIMES = frozenset({"created_at", "updated_at", "last_login"})  # strings in JSON only


def list_of(read: Callable[[Json], T]) -> Callable[[Json], list[T]]:
    """A reader of arrays from the reader of one element."""

    def read_list(value: Json) -> list[T]:
        if not isinstance(value, list):
            raise UnreadableAnswerError("an array was expected")
        return [read(element) for element in value]

    return read_list


def user_from(value: Json) -> User:
    row = object_in(value)
    preferences = row.get("preferences")
    return User(
        id=_id(row, "id"),
        login=text_in(row, "login"),
        firstname=text_in(row, "firstname"),
        lastname=text_in(row, "lastname"),
        email=text_in(row, "email"),
        phone=text_in(row, "phone"),
        mobile=text_in(row, "mobile"),
        active=row.get("active") is not False,
        organization_id=_optional_id(row, "organization_id"),
        role_ids=_ids(row, "role_ids"),
        phone_switch=isinstance(preferences, dict) and preferences.get("cti") is True,
        locale=text_in(preferences, "locale") if isinstance(preferences, dict) else "",
        updated_at=time_in(row, "updated_at"),
        texts=_texts(row),
        flags=_flags(row),
    )


def organization_from(value: Json) -> Organization:
    row = object_in(value)
    return Organization(
        id=_id(row, "id"),
        name=text_in(row, "name"),
        active=row.get("active") is not False,
        member_ids=_ids(row, "member_ids"),
        updated_at=time_in(row, "updated_at"),
        texts=_texts(row),
        flags=_flags(row),
    )


def setting_from(value: Json) -> Setting:
    row = object_in(value)
    state = row.get("state_current")
    return Setting(
        id=_id(row, "id"),
        name=required_text_in(row, "name"),
        value=_storable_json(state.get("value")) if isinstance(state, dict) else None,
    )


def call_log_from(value: Json) -> list[CallLogRow]:
    return list_of(_call_log_row_from)(object_in(value).get("list"))


def _call_log_row_from(value: Json) -> CallLogRow:
    row = object_in(value)
    return CallLogRow(
        id=_id(row, "id"),
        call_id=required_text_in(row, "call_id"),
        direction=text_in(row, "direction"),
        state=text_in(row, "state"),
        caller=text_in(row, "from"),
        callee=text_in(row, "to"),
        done=row.get("done") is True,
        comment=text_in(row, "comment"),
        to_comment=text_in(row, "to_comment"),
        recognised=_recognised(row.get("preferences")),
    )


def _recognised(preferences: Json) -> tuple[int, ...]:
    """Who is known comes before who may be meant, as it does for Zammad (docs/reference/zammad.md section 1.4)."""
    matches = preferences.get("from") if isinstance(preferences, dict) else None
    entries = [each for each in matches if isinstance(each, dict)] if isinstance(matches, list) else []
    known = [each for each in entries if each.get("level") == "known"]
    return tuple(found for each in known or entries if (found := _optional_id(each, "user_id")) is not None)


def mandatory_from(value: Json) -> frozenset[str]:
    return frozenset(name for name, must in object_in(object_in(value).get("mandatory")).items() if must is True)


def names_of_fields(value: Json) -> frozenset[str]:
    """Of a record: every attribute it has, filled in or not."""
    return frozenset(object_in(value))


def email_from(value: Json) -> str:
    """Of a record that has an address of its own."""
    return text_in(object_in(value), "email")


def tab_from(value: Json) -> Tab:
    row = object_in(value)
    return Tab(
        id=_id(row, "id"),
        user_id=_id(row, "user_id"),
        key=text_in(row, "key"),
        is_untouched=text_in(row, "created_at") == text_in(row, "updated_at"),
    )


def attribute_from(value: Json) -> Attribute:
    row = object_in(value)
    return Attribute(
        id=_id(row, "id"),
        object=text_in(row, "object"),
        name=required_text_in(row, "name"),
        data_type=text_in(row, "data_type"),
        active=row.get("active") is True,
        to_migrate=row.get("to_migrate") is True,
        display=text_in(row, "display"),
    )


def ticket_from(value: Json) -> Ticket:
    row = object_in(value)
    return Ticket(
        id=_id(row, "id"),
        number=text_in(row, "number"),
        title=text_in(row, "title"),
        state=text_in(row, "state"),
        group=text_in(row, "group"),
        customer_id=_id(row, "customer_id"),
        owner_id=_optional_id(row, "owner_id"),
        created_at=time_in(row, "created_at"),
        updated_at=time_in(row, "updated_at"),
        state_id=_optional_id(row, "state_id"),
        group_id=_optional_id(row, "group_id"),
        closed_at=time_in(row, "close_at") if row.get("close_at") else None,
        article_ids=_ids(row, "article_ids"),
    )


def article_from(value: Json) -> Article:
    row = object_in(value)
    preferences = row.get("preferences")
    return Article(
        id=_id(row, "id"),
        ticket_id=_id(row, "ticket_id"),
        type=text_in(row, "type"),
        internal=row.get("internal") is True,
        author=text_in(row, "created_by"),
        author_id=_optional_id(row, "created_by_id"),
        mark=text_in(preferences, "sidecar") if isinstance(preferences, dict) else "",
    )


def ticket_state_from(value: Json) -> TicketState:
    row = object_in(value)
    return TicketState(
        id=_id(row, "id"),
        name=required_text_in(row, "name"),
        type_id=_id(row, "state_type_id"),
        active=row.get("active") is not False,
        default_create=row.get("default_create") is True,
    )


def group_from(value: Json) -> Group:
    row = object_in(value)
    return Group(
        id=_id(row, "id"),
        name=required_text_in(row, "name"),
        active=row.get("active") is not False,
        texts=_texts(row),
    )


def group_rights_from(value: Json) -> GroupRights:
    """Of a user or a role."""
    row = object_in(value)
    rights = row.get("group_ids")
    granted = rights.items() if isinstance(rights, dict) else ()
    changing = (group_id for group_id, names in granted if _texts_in(names) & {"full", "change"})
    return GroupRights(id=_id(row, "id"), changes=_numbers_in(changing), role_ids=_ids(row, "role_ids"))


def ticket_form_from(value: Json) -> TicketForm:
    """Of the form for new tickets (docs/reference/zammad.md section 6.4)."""
    row = object_in(value)
    workflow = _within(row, "form_meta", "core_workflow")
    restricted = _within(workflow, "restrict_values")
    options = {name: tuple(map(str, each)) for name, each in restricted.items() if each and isinstance(each, list)}
    allowed = options.get("group_id")
    return TicketForm(
        group_ids=None if allowed is None else _numbers_in(allowed),
        mandatory=frozenset(name for name, must in _within(workflow, "mandatory").items() if must is True),
        options=options,
        groups=tuple(map(group_from, _within(row, "assets", "Group").values())),
    )


def shown_settings_from(value: Json) -> Mapping[str, Json]:
    return dict(object_in(object_in(value).get("config")))


def _within(row: Mapping[str, Json], *names: str) -> Mapping[str, Json]:
    """Empty where there is none."""
    for name in names:
        inner = row.get(name)
        row = inner if isinstance(inner, dict) else {}
    return row


def acknowledged(value: Json) -> None:
    """An object or true, whatever is in it; anything else came from somebody other than Zammad."""
    if value is not True:
        object_in(value)


def instant_from(value: Json) -> datetime:
    """The instant of an HTTP `Date` header."""
    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        raise UnreadableAnswerError("no date") from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


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


def _texts_in(value: Json) -> set[str]:
    return {each for each in value if isinstance(each, str)} if isinstance(value, list) else set()


def _numbers_in(texts: Iterable[str]) -> frozenset[int]:
    """Ids that are written as text, without those that no column holds."""
    return frozenset(int(each) for each in texts if each.isdecimal() and len(each) < LONGEST_ID)


def _texts(row: Mapping[str, Json]) -> dict[str, str]:
    texts = {name: value for name, value in row.items() if isinstance(value, str) and name not in TIMES}
    return {storable(name): storable(value) for name, value in texts.items() if value}


def _flags(row: Mapping[str, Json]) -> dict[str, bool]:
    return {storable(name): value for name, value in row.items() if isinstance(value, bool)}
