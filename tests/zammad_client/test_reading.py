"""Whatever an answer of Zammad's looks like: it is read, or said to be unreadable, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rest_transport.errors import UnreadableAnswerError
from rest_transport.session import NO_JSON
from zammad_client import reading
from zammad_client.records import Json

TIME = "2026-01-01T00:00:00Z"
RECORD = {
    "id": 1, "ticket_id": 1, "user_id": 1, "customer_id": 1, "state_type_id": 1, "owner_id": 1, "organization_id": 1,
    "number": "1", "title": "t", "name": "n", "call_id": "c", "object": "User", "data_type": "input", "key": "k",
    "login": "l", "email": "e", "state": "open", "type": "note", "group": "g", "from": "1", "to": "2",
    "direction": "in", "active": True, "updated_at": TIME, "created_at": TIME, "close_at": TIME, "preferences": {},
    "state_current": {"value": {}}, "mandatory": {}, "config": {}, "form_meta": {"core_workflow": {}},
    "assets": {"Group": {}}, "group_ids": {}, "role_ids": [], "member_ids": [], "article_ids": [],
}  # fmt: skip
ODD: tuple[Json, ...] = (
    None, True, False, 0, -1, 2**63, 10**400, 1.5, float("nan"), float("inf"),
    "", "\0", "\ud800", "²", "9" * 5000, "x" * 100_000,
    "2026-13-45", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
    [], [None], [[]], [1, [2]], ["9" * 5000],
    {}, {"a": None}, {"1": None}, {"1": 5}, {"1": ["full"]}, {"x": ["full"]}, {"9" * 5000: ["full"]}, {"cti": {}},
    {"value": {"\ud800": "\0", "n": float("nan")}}, {"locale": 5, "sidecar": []},
    {"from": 5}, {"from": [5, {"level": None}, {"level": "known", "user_id": "x"}]},
    {"core_workflow": 5}, {"core_workflow": {"restrict_values": [1], "mandatory": 5}},
    {"core_workflow": {"restrict_values": {"group_id": 5}, "mandatory": []}},
    {"core_workflow": {"restrict_values": {"group_id": ["9" * 5000, None, {}]}}},
    {"Group": {"1": None}}, {"Group": [1]}, {"Group": {"1": {"id": 2**63, "name": "x"}}},
)  # fmt: skip
READERS: dict[str, Callable[[Json], object]] = {
    name: getattr(reading, name)
    for name in dir(reading)
    if name.endswith("_from") and not name.startswith("_") and name != "instant_from"
}


def is_read_or_refused(read: Callable[[Json], object], answer: Json) -> bool:
    try:
        read(answer)
    except (UnreadableAnswerError, *NO_JSON):
        return True
    return True


@pytest.mark.parametrize("name", READERS)
def test_no_shape_of_an_answer_is_an_error_of_another_kind(name: str) -> None:
    read = READERS[name]
    for odd in ODD:
        assert is_read_or_refused(read, odd)
        for field in RECORD:
            record = {**RECORD, field: odd}
            assert is_read_or_refused(read, {"list": [record]} if name == "call_log_from" else record), (field, odd)


def test_rights_in_groups_and_ids_in_forms_are_those_that_can_be() -> None:
    rights = {"1": ["full"], "2": ["read"], "3": None, "4": 5, "x": ["full"], "9" * 5000: ["full"], "5": ["change", 1]}
    assert reading.group_rights_from({"id": 1, "group_ids": rights}).changes == frozenset({1, 5})
    form = {"form_meta": {"core_workflow": {"restrict_values": {"group_id": ["1", 2, None, "x", "9" * 5000]}}}}
    assert reading.ticket_form_from(form).group_ids == frozenset({1, 2})
