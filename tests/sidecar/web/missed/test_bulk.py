"""Many missed calls closed at once."""

from __future__ import annotations

import re

from tests.sidecar.store.calls.saved_calls import JANE, MAX, missed
from tests.sidecar.web.changes import change
from tests.sidecar.web.service import Service


def entries_in(question: str) -> str:
    return str(re.findall(r'name="entries" value="([^"]*)"', question)[0])


def test_the_question_has_the_number_and_those_of_colleagues_or_changed_since_are_left(service: Service) -> None:
    service.calls(*(missed(number=f"49305{number:03}") for number in range(300)))
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        change(service, max_roe, "/missed/7/take")
        question = change(service, jane, "/missed/closing", all="1").text
        assert "Mark 299 missed calls as done?" in question
        assert "1 that a colleague has taken is left." in question
        service.calls(missed(number="49305003"), missed(number="4940999"))
        change(service, max_roe, "/missed/9/take")
        told = change(service, jane, "/missed/close", entries=entries_in(question)).text
        assert "297 missed calls are done." in told
        assert "2 were left" in told
        left = re.findall(r'id="missed-(\d+)"', jane.get("/missed").text.partition('id="closed"')[0])
        assert sorted(map(int, left)) == [4, 7, 9, 301]


def test_only_what_the_search_finds_or_what_is_ticked(service: Service) -> None:
    service.calls(missed(number="4930111"), missed(number="4940222"), missed(number="4940333"))
    with service.signed_in(JANE) as jane:
        assert entries_in(change(service, jane, "/missed/closing", all="1", q="4940").text) == "3-1,2-1"
        assert entries_in(change(service, jane, "/missed/closing", entries="2-1,nonsense,1-x").text) == "2-1"
        assert "Mark 0 missed calls" in change(service, jane, "/missed/closing", entries="").text
