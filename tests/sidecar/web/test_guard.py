"""What stands before every page."""

from __future__ import annotations

from tests.sidecar.store.calls.saved_calls import JANE
from tests.sidecar.web.service import Service


def test_without_its_database_a_page_says_so(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        with service.database.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE web_sessions RENAME TO away")
        answer = browser.get("/")
        assert answer.status_code == 503
        assert "Calls are still answered" in answer.text
