from __future__ import annotations

from dataclasses import replace

import pytest

from sidecar.check.agents import view_findings
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
