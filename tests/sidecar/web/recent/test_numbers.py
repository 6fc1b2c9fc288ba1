"""What the statistics are drawn from is not read for each who asks."""

from __future__ import annotations

from tests.sidecar.store.calls.saved_calls import JANE, MAX, talked
from tests.sidecar.web.asked import statements
from tests.sidecar.web.service import Service


def test_the_figures_of_a_month_are_read_once_for_everybody(service: Service) -> None:
    service.calls(talked(started_at=service.clock() - 600))
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        jane.get("/statistics?span=month")
        with statements(service.database._engine) as asked:
            assert "Jane Doe" in max_roe.get("/statistics?span=month").text
        assert not [statement for statement in asked if "call_agents" in statement]
