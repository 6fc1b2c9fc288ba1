"""What browsers send."""

from __future__ import annotations

import pytest

from sidecar.web.inputs import whole_number
from tests.sidecar.store.calls.saved_calls import JANE
from tests.sidecar.web.changes import change
from tests.sidecar.web.service import Service


def test_numbers_no_database_can_hold_are_not_found(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        assert browser.get(f"/calls/{10**30}").status_code == 404
        assert change(service, browser, f"/missed/{10**30}/take").status_code == 404


@pytest.mark.parametrize(
    ("written", "read"),
    [("12", 12), ("", None), ("-1", None), ("1.5", None), ("999999999", 999_999_999), ("1" * 10, None)],
)
def test_a_number_in_a_field_is_one_that_a_column_bears(written: str, read: int | None) -> None:
    assert whole_number(written) == read
