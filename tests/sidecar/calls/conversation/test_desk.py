"""Who is shown in Zammad as having answered: never under a name that Zammad takes for somebody's login."""

from __future__ import annotations

import pytest

from sidecar.calls.conversation.desk import Addressee, desk_for
from sidecar.calls.conversation.legs import Pickup, Taker
from sidecar.calls.rules.rules import Agent, Rules
from tests.sidecar.calls.rules.rule_settings import mapped, written_rules

JANE = Agent(id=4, login="jane@example.com", email="jane@example.com", name="Jane Doe")
RULES = written_rules(agents=[JANE], agent_map=[mapped("w0", "4")])


def shown(name: str | None, user_id: str | None, rules: Rules | None = RULES) -> Addressee:
    desk = desk_for(rules, country="DE", popup_ttl=20.0, log_blocked_calls=False)
    return desk.addressee(Pickup(at=0.0, call_id="A", taker=Taker.PERSON, user=name, user_id=user_id))


@pytest.mark.parametrize(
    ("name", "user_id", "expected"),
    [
        ("Jane D.", "w0", Addressee(name="Jane D.", agent_id=4)),
        (None, "w0", Addressee(name="Jane Doe", agent_id=4)),
        ("jane", "w0", Addressee(name="Jane Doe", agent_id=4)),  # may be a customer's login
        ("jane@example.com", "w0", Addressee(name="Jane Doe", agent_id=4)),
        ("JANE@example.com", "w7", Addressee(name="JANE@example.com (sipgate)", agent_id=None)),
        ("Alice", "w7", Addressee(name="Alice", agent_id=None)),
        (None, "w7", Addressee(name=None, agent_id=None)),
    ],
)
def test_the_name_shown_is_nobodys_login(name: str | None, user_id: str, expected: Addressee) -> None:
    assert shown(name, user_id) == expected


@pytest.mark.parametrize("rules", [None, written_rules(agents=[])])
def test_while_no_agent_is_known_any_name_may_be_a_login(rules: Rules | None) -> None:
    assert shown("jane@example.com", "w0", rules) == Addressee(name="jane@example.com (sipgate)", agent_id=None)


def test_a_full_id_in_the_field_of_the_short_one_finds_the_agent() -> None:
    assert shown("Jane Doe", "1234567w0").agent_id == 4
