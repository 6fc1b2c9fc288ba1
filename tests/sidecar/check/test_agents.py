from __future__ import annotations

from dataclasses import replace

import pytest

from sidecar.check.agents import view_findings
from sidecar.check.own_side import refused_tab_findings
from sidecar.store.database import Database
from sidecar.store.people.refused_tabs import RefusedTab, keep_tab
from sidecar.sync.kept import keep_agents
from sidecar.words.sentences import explained
from tests.sentences import ENGLISH
from tests.sidecar.calls.rules.rule_settings import JANE, MAX


@pytest.mark.parametrize(("offered", "words"), [(False, "classic view"), (True, "calls open in both")])
def test_check_says_what_opens_where_and_what_an_agent_must_have(*, offered: bool, words: str) -> None:
    (found,) = view_findings([JANE, MAX], offered=offered)
    assert found.level == "ok"
    said = explained(found.reason, ENGLISH).what
    assert words in said
    assert "cti.agent and ticket.agent" in said


@pytest.mark.parametrize("offered", [False, True])
def test_tabs_are_to_be_taken_away_one_day(*, offered: bool) -> None:
    _views, tabs = view_findings([replace(JANE, desktop_tab=True), MAX], offered=offered)
    assert tabs.level == "warning"
    assert "Jane" in explained(tabs.reason, ENGLISH).what
    assert "7.2" in explained(tabs.reason, ENGLISH).cure


def test_a_refused_tab_is_told_of_with_its_cure_to_whoever_still_wants_them(database: Database) -> None:
    with database.writing() as connection:
        wanting = [replace(JANE, desktop_tab=True), replace(MAX, desktop_tab=True)]
        keep_agents(connection, [*wanting, replace(JANE, id=99, name="Nobody", desktop_tab=False)], 0.0)
        keep_tab(connection, JANE.id, RefusedTab(status=403, words="Not authorized"), 0.0)
        keep_tab(connection, MAX.id, RefusedTab(status=422, words="The title is too long"), 0.0)
        keep_tab(connection, 99, RefusedTab(status=403, words="Not authorized"), 0.0)
        forbidden, refused = [explained(each.reason, ENGLISH) for each in refused_tab_findings(connection)]
        keep_tab(connection, JANE.id, None, 0.0)
        keep_tab(connection, MAX.id, None, 0.0)
        assert list(refused_tab_findings(connection)) == []
    assert "Jane" in forbidden.what
    assert "Nobody" not in forbidden.what
    assert "admin.user" in forbidden.cure
    assert "The title is too long" in refused.what
