"""What admins write, in any spelling and shape: rules that hold, and warnings instead of faults."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.rules.block_list import BlockedNumber, marked_organization, marked_person
from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.events import Direction, NewCall
from tests import places
from tests.sentences import said
from tests.sidecar.calls.rules.rule_settings import (
    JANE,
    MAX,
    agent,
    blocks,
    mapped,
    route,
    rules_of_config,
    written_rules,
)

RECORDINGS = places.RECORDINGS / "zammad" / "5.2"


def outbound(callee: str, user_id: str = "", full_user_id: str = "") -> NewCall:
    return NewCall(
        call_id="1",
        direction=Direction.OUT,
        caller="1234567e0",
        callee=callee,
        user_ids=(user_id,) if user_id else (),
        full_user_ids=(full_user_id,) if full_user_id else (),
    )


def caller_id(rules: Rules, callee: str, user_id: str = "") -> str | None:
    chosen = rules.caller_id_for(outbound(callee, user_id))
    return chosen.digits if chosen else None


def problems(rules: Rules) -> list[tuple[str, str]]:
    return [(said(warning.place), warning.text) for warning in rules.warnings]


# the block list


@pytest.mark.parametrize(
    ("written", "caller"),
    [
        ("491715000000", "491715000000"),
        ("+49 171 5000000", "491715000000"),
        ("0049 171/5000-000", "491715000000"),
        ("0171 5000000", "491715000000"),
        ("+49 (0)171 5000000", "491715000000"),
        ("491715000000", "+491715000000"),
        ("491715000000", "00491715000000"),
        ("491715000000", "01715000000"),
        ("4989*", "4989123456"),
        ("+49 89*", "4989123456"),
        ("089*", "4989123456"),
        ("+49 0171*", "491715000000"),
        ("+48 (0)22 123 45 67", "48221234567"),
        ("+39 (0)6*", "390612345678"),
        ("*000", "491715000000"),
        ("49171*0", "491715000000"),
        ("49171500000?", "491715000000"),
        ("4917150000??", "491715000000"),
        ("491715000000*", "491715000000"),  # no further digit needed
        ("*", "491715000000"),
        ("anonymous", "anonymous"),
        ("Anonymous", "anonymous"),
        ("anonymous", ""),
    ],
)
def test_a_block_row_matches_in_any_spelling(written: str, caller: str) -> None:
    assert blocks(written).blocking(caller) is not None


@pytest.mark.parametrize(
    ("written", "caller"),
    [
        ("491715000000", "491715000001"),
        ("491715000000", "4917150000001"),
        ("4989*", "491234989"),
        ("49171500000?", "49171500000"),
        ("49171500000?", "4917150000012"),
        ("*", "anonymous"),
        ("*", ""),
        ("anonymous", "491715000000"),
        ("49*", "1452406e0"),
        ("1*", "11"),  # an extension is no number to look up
    ],
)
def test_a_block_row_matches_nothing_else(written: str, caller: str) -> None:
    assert blocks(written).blocking(caller) is None


@pytest.mark.parametrize("written", ["00*", "+*"])
def test_a_row_for_abroad_blocks_nobody_and_says_what_to_write(written: str) -> None:
    rules = blocks(written)
    assert rules.blocking("491715000000") is None
    (warning,) = rules.warnings
    assert (warning.ignored, "such as 43* and 41*" in said(warning.problem)) == (True, True)


def test_a_row_that_blocks_everybody_is_in_force_and_told() -> None:
    rules = blocks("*")
    assert rules.blocking("491715000000") is not None
    (warning,) = rules.warnings
    assert (warning.ignored, said(warning.problem)) == (False, "rejects everybody who shows a number")


def test_the_reason_names_the_note_and_the_row() -> None:
    rule = blocks("4989*").blocking("4989123456")
    assert rule is not None
    assert said(rule.reason) == "blocked: spam (4989*)"


def test_a_row_without_note_is_its_own_reason() -> None:
    rule = written_rules(block=[{"caller_id": "4989*"}]).blocking("4989123456")
    assert rule is not None
    assert said(rule.reason) == "blocked: 4989*"


@pytest.mark.parametrize(
    ("marked", "who"),
    [
        (marked_person("4930998*", "Erika Mustermann"), "Erika Mustermann"),
        (marked_organization("4930998*", "Bäckerei Müller"), "organization Bäckerei Müller"),
    ],
)
def test_people_and_organizations_marked_in_zammad_are_blocked(marked: BlockedNumber, who: str) -> None:
    rule = written_rules(blocked=[marked]).blocking("4930997877")
    assert rule is None
    rule = written_rules(blocked=[marked]).blocking("4930998877")
    assert rule is not None
    assert said(rule.reason) == f"blocked: {who} is marked as blocked"


def test_the_pages_row_names_the_reason_where_both_block() -> None:
    marked = [marked_person("4930998877", "Erika Mustermann")]
    rule = written_rules(block=[{"caller_id": "4930998877", "note": "spam"}], blocked=marked).blocking("4930998877")
    assert rule is not None
    assert said(rule.reason) == "blocked: spam (4930998877)"


def test_reasons_have_no_control_characters() -> None:
    row = {"caller_id": "4989*", "note": "a\r\nb\0c\u2028" + "x" * 1000}
    rule = written_rules(block=[row]).blocking("4989123456")
    assert rule is not None
    assert said(rule.reason).isprintable()
    assert len(said(rule.reason)) < 300


# the routing table


@pytest.mark.parametrize(
    ("destinations", "callee", "winner"),
    [
        (["41*", "4179*", "41791234567"], "41791234567", "41791234567"),
        (["41*", "4179*", "41791234567"], "41790000000", "4179*"),
        (["4179*", "41*"], "41440000000", "41*"),
        (["*", "41*"], "41440000000", "41*"),
        (["41*67", "41*"], "41791234567", "41*67"),  # same prefix: the first row
        (["41*", "41*67"], "41791234567", "41*"),
        (["4?7*", "41*"], "41791234567", "41*"),  # "4" is shorter than "41"
        (["+41 79*"], "0041791234567", "+41 79*"),
        (["030*"], "030123456", "030*"),
        (["4930*"], "030123456", "4930*"),
        (["49*", "41*"], "43123456789", None),
    ],
)
def test_exact_beats_wildcard_then_the_longest_prefix_then_the_first(
    destinations: list[str], callee: str, winner: str | None
) -> None:
    ids = {destination: f"49300000{place}" for place, destination in enumerate(destinations)}
    rules = written_rules(routes=[route(destination, ids[destination]) for destination in destinations])
    assert caller_id(rules, callee) == (ids[winner] if winner else None)


def test_a_routing_row_for_abroad_gives_its_caller_id_to_no_call_at_home() -> None:
    rules = written_rules(routes=[route("00*", "4141")], default="493077")
    assert caller_id(rules, "4989123456") == "493077"
    assert [said(warning.problem) for warning in rules.warnings] == [
        "the destination names no country: write one row for each, such as 43* and 41*"
    ]


def test_a_row_beats_the_agents_number_and_that_the_default() -> None:
    agents = [agent(4, "jane", sipgate_users="w0", sipgate_number="+49 30 444")]
    rules = written_rules(routes=[route("41*", "4141")], default="4930777000000", agents=agents)
    assert caller_id(rules, "41791234567", "w0") == "4141"
    assert caller_id(rules, "4989123456", "w0") == "4930444"
    assert caller_id(rules, "4989123456", "w9") == "4930777000000"
    assert caller_id(rules, "4989123456") == "4930777000000"


def test_reasons_of_caller_ids_say_where_they_come_from() -> None:
    agents = [agent(4, "jane", sipgate_users="w0", sipgate_number="493044")]
    rules = written_rules(routes=[route("41*", "4141")], default="493077", agents=agents)
    chosen = [
        rules.caller_id_for(outbound(*call)) for call in [("41791234567",), ("4989123456", "w0"), ("4989123456",)]
    ]
    assert [caller and said(caller.reason) for caller in chosen] == [
        "caller id 4141 by routing row 41*",
        "caller id 493044 of Jane",
        "caller id 493077 by default",
    ]


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("41715880339000", "41715880339000"),  # of Zammad's own example; no valid number
        ("+49 (30) 777-000", "4930777000"),
        ("0049 30 777000", "4930777000"),
        ("030 777000", "4930777000"),
        ("12345", "12345"),
        ("115", "115"),
    ],
)
def test_a_caller_id_needs_digits_not_validity(written: str, digits: str) -> None:
    assert caller_id(written_rules(default=written), "4989123456") == digits


@pytest.mark.parametrize("written", ["anonymous", "1234567e0", "four", "49*", "٤٩٣٠", "1" * 21])
def test_a_caller_id_without_digits_is_a_warning(written: str) -> None:
    rules = written_rules(default=written, routes=[route("41*", written), route("43*", "4343")])
    assert caller_id(rules, "41791234567") is None
    assert caller_id(rules, "43123456789") == "4343"
    assert {place for place, _ in problems(rules)} == {"default caller id", "routing table row 1"}


def test_the_caller_id_of_an_agent_who_left_is_not_used() -> None:
    agents = [agent(4, "jane", sipgate_users="w0", sipgate_number="493044", active=False)]
    assert caller_id(written_rules(agents=agents), "4989123456", "w0") is None


def test_a_bad_number_of_an_agent_is_a_warning() -> None:
    rules = written_rules(agents=[agent(4, "jane", sipgate_users="w0", sipgate_number="ask me")])
    (warning,) = rules.warnings
    assert (said(warning.place), warning.text) == ("user 4, sipgate_number", "ask me")
    assert said(warning.problem) == "is no number"


# the agent map


@pytest.mark.parametrize("person", ["4", "jane", "JANE", "jane@example.com", " Jane@Example.com "])
@pytest.mark.parametrize("sipgate_user", ["w0", "W0", "1234567w0"])
def test_the_page_names_agents_by_id_login_or_email(person: str, sipgate_user: str) -> None:
    rules = written_rules(agent_map=[mapped(sipgate_user, person)])
    assert rules.agent_for("w0", "1234567w0") == JANE
    assert rules.agent_for(None, "1234567w0") == JANE
    assert rules.agent_for("w0", None) == JANE
    assert rules.agent_for("w1", "1234567w1") is None
    assert rules.agent_for(None, None) is None


def test_a_number_of_the_page_is_an_id() -> None:
    assert rules_of_config({"user_remote_map": [{"remote_user_id": "w0", "user_id": 4}]}).agent_for("w0", None) == JANE


def test_an_email_is_never_cast_to_an_id() -> None:
    rules = written_rules(agent_map=[mapped("w0", "4you@example.com"), mapped("w1", "4.0"), mapped("w2", "04")])
    assert [rules.agent_for(f"w{number}", None) for number in range(3)] == [None] * 3
    assert [place for place, _ in problems(rules)] == ["agent map row 1", "agent map row 2", "agent map row 3"]


def test_an_id_is_stronger_than_a_login_that_looks_like_one() -> None:
    agents = [agent(7, "4"), JANE]
    assert written_rules(agent_map=[mapped("w0", "4")], agents=agents).agent_for("w0", None) == JANE


def test_a_full_id_of_another_account_is_another_user() -> None:
    rules = written_rules(agent_map=[mapped("1234567w0", "jane"), mapped("7654321w0", "max")])
    assert rules.agent_for("w0", "1234567w0") == JANE
    assert rules.agent_for("w0", "7654321w0") == MAX
    assert rules.agent_for("w0", "1111111w0") is None
    assert rules.agent_for("w0", None) is None  # either could be meant
    assert rules.warnings == ()


@pytest.mark.parametrize("written", ["w0", "w0,w3", " w3 , W0 ", "w3;w0", "w3\nw0", "1234567w0"])
def test_agents_list_their_sipgate_users_themselves(written: str) -> None:
    rules = written_rules(agents=[agent(4, "jane", sipgate_users=written)])
    found = rules.agent_for("w0", "1234567w0")
    assert found is not None
    assert found.id == 4
    assert rules.warnings == ()


@pytest.mark.parametrize(("of_page", "of_agent"), [("w0", "w0"), ("1234567w0", "w0"), ("w0", "1234567w0")])
def test_in_a_contradiction_the_page_wins_and_it_is_reported(of_page: str, of_agent: str) -> None:
    rules = written_rules(agent_map=[mapped(of_page, "jane")], agents=[JANE, agent(5, "max", sipgate_users=of_agent)])
    assert rules.agent_for("w0", "1234567w0") == JANE
    (warning,) = rules.warnings
    assert (said(warning.place), warning.text) == ("user 5, sipgate_users", of_agent)
    assert said(warning.problem) == "the page gives this sipgate user to user 4, the page wins"


def test_both_sides_may_say_the_same() -> None:
    rules = written_rules(agent_map=[mapped("w0", "jane")], agents=[agent(4, "jane", sipgate_users="w0, 1234567w0")])
    assert rules.warnings == ()


def test_of_two_agents_with_one_sipgate_user_the_first_wins() -> None:
    rules = written_rules(agents=[agent(4, "jane", sipgate_users="w0"), agent(5, "max", sipgate_users="w0 w1")])
    assert [found and found.id for found in (rules.agent_for("w0", None), rules.agent_for("w1", None))] == [4, 5]
    assert problems(rules) == [("user 5, sipgate_users", "w0")]


def test_of_two_rows_for_one_sipgate_user_the_first_wins() -> None:
    rules = written_rules(agent_map=[mapped("w0", "jane"), mapped("w0", "max"), mapped("w0", "4")])
    assert rules.agent_for("w0", None) == JANE
    assert problems(rules) == [("agent map row 2", "w0")]


def test_rows_that_lead_nowhere_are_warnings_with_the_reason() -> None:
    agents = [JANE, agent(5, "max", active=False)]
    rows = [mapped("w0", "max"), mapped("w1", "nobody"), mapped("", "jane"), mapped("w3", ""), mapped("w4", "jane")]
    rules = written_rules(agent_map=rows, agents=agents)
    assert [(said(warning.place), said(warning.problem)) for warning in rules.warnings] == [
        ("agent map row 1", "this user is not active"),
        ("agent map row 2", "no agent has this id, login or e-mail"),
        ("agent map row 3", "has no sipgate user (like w0)"),
        ("agent map row 4", "has no agent"),
    ]
    assert rules.agent_for("w4", None) == JANE


# whatever shape


@pytest.mark.parametrize(
    ("config", "position"),
    [
        (None, "sipgate_config"),
        ([], "sipgate_config"),
        ("text", "sipgate_config"),
        ({"inbound": None}, "inbound"),
        ({"inbound": {"block_caller_ids": None}}, "block list"),
        ({"inbound": {"block_caller_ids": {"0": {}}}}, "block list"),
        ({"inbound": {"block_caller_ids": ["4989*"]}}, "block list row 1"),
        ({"inbound": {"block_caller_ids": [{"caller_id": ["4989"]}]}}, "block list row 1"),
        ({"inbound": {"block_caller_ids": [{"caller_id": None}]}}, "block list row 1"),
        ({"inbound": {"block_caller_ids": [{"caller_id": "mobile"}]}}, "block list row 1"),
        ({"outbound": 1}, "outbound"),
        ({"outbound": {"default_caller_id": {"a": 1}}}, "default caller id"),
        ({"outbound": {"routing_table": "41*"}}, "routing table"),
        ({"outbound": {"routing_table": [{"dest": "anonymous", "caller_id": "49"}]}}, "routing table row 1"),
        ({"outbound": {"routing_table": [{"caller_id": "49"}]}}, "routing table row 1"),
        ({"user_remote_map": {}}, "agent map"),
        ({"user_remote_map": [None]}, "agent map row 1"),
    ],
)
def test_a_wrong_shape_is_a_warning_with_its_position(config: object, position: str) -> None:
    rules = rules_of_config(config)
    assert position in [place for place, _ in problems(rules)]


def test_a_wrong_note_does_not_cost_the_row() -> None:
    rules = rules_of_config({"inbound": {"block_caller_ids": [{"caller_id": 4989123456, "note": {"a": 1}}]}})
    assert rules.blocking("4989123456") is not None
    assert problems(rules) == [("block list row 1", "dict")]


@pytest.mark.parametrize("config", [{}, {"inbound": {}, "outbound": {}}, {"outbound": {"default_caller_id": None}}])
def test_what_is_not_there_is_no_warning(config: object) -> None:
    assert rules_of_config(config).warnings == ()


def test_texts_of_warnings_are_short_and_on_one_line() -> None:
    (warning,) = blocks("a\r\nb" * 100).warnings
    assert warning.text.isprintable()
    assert len(warning.text) <= 80


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ROWS = JSON | st.lists(
    JSON
    | st.fixed_dictionaries(
        {}, optional=dict.fromkeys(["caller_id", "dest", "note", "remote_user_id", "user_id"], JSON)
    ),
    max_size=4,
)


@given(
    config=JSON
    | st.fixed_dictionaries(
        {},
        optional={
            "inbound": JSON | st.fixed_dictionaries({"block_caller_ids": ROWS}),
            "outbound": JSON | st.fixed_dictionaries({"routing_table": ROWS, "default_caller_id": JSON}),
            "user_remote_map": ROWS,
        },
    )
)
def test_no_config_raises(config: Any) -> None:
    rules = rules_of_config(config)
    rules.blocking("491715000000")
    rules.caller_id_for(outbound("491715000000", "w0"))
    assert all(said(warning.place) and said(warning.problem) for warning in rules.warnings)


@given(bad=st.lists(JSON, max_size=4))
def test_bad_rows_leave_the_others_working(bad: list[Any]) -> None:
    good = {
        "inbound": {"block_caller_ids": [*bad, {"caller_id": "491715000000", "note": ""}]},
        "outbound": {"routing_table": [*bad, route("41791234567", "4141")]},
        "user_remote_map": [*bad, mapped("w0", "jane")],
    }
    rules = rules_of_config(good)
    assert rules.blocking("491715000000") is not None
    assert caller_id(rules, "41791234567") == "4141"
    assert rules.agent_for("w0", None) == JANE
    assert len(rules.warnings) >= 3 * len(bad)


@pytest.mark.parametrize(("recording", "blocked"), [("settings_one", False), ("setting_put_config", True)])
def test_recorded_settings_are_read_without_warnings(recording: str, *, blocked: bool) -> None:
    body = json.loads((RECORDINGS / f"{recording}.json").read_text(encoding="utf-8"))["response"]["body"]
    rules = rules_of_config(body["state_current"]["value"])
    assert [warning for warning in rules.warnings if not said(warning.place).startswith("agent map")] == []
    assert (rules.blocking("491715000000") is not None) is blocked


def test_no_token_of_the_settings_is_shown() -> None:
    assert "secret" not in repr(blocks("4989*"))
