"""What boards show of now is read once for all of them."""

from __future__ import annotations

import httpx

from tests.sidecar.store.calls.saved_calls import JANE, MAX, Seed
from tests.sidecar.web.asked import statements
from tests.sidecar.web.service import Service


def board(browser: httpx.Client) -> str:
    return browser.get("/wallboard", headers={"HX-Request": "true"}).text


def test_many_boards_ask_the_database_no_more_than_one_until_something_changes(service: Service) -> None:
    service.calls(Seed(state="ringing", number="4930777777", started_at=service.clock() - 5))
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        assert "777777" in board(jane)
        with statements(service.database._engine) as asked:
            for _ in range(20):
                assert "777777" in board(max_roe)
        assert not [statement for statement in asked if "conversations" in statement]
        service.calls(Seed(state="ringing", number="4930888888", started_at=service.clock() - 5))
        assert "888888" in board(max_roe)
