"""What browsers send."""

from __future__ import annotations

from tests.sidecar.store.calls.saved_calls import JANE
from tests.sidecar.web.changes import change
from tests.sidecar.web.service import Service


def test_numbers_no_database_can_hold_are_not_found(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        assert browser.get(f"/calls/{10**30}").status_code == 404
        assert change(service, browser, f"/missed/{10**30}/take").status_code == 404
