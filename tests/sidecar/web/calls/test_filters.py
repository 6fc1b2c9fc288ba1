"""A search as an address."""

from __future__ import annotations

import re

from tests.sidecar.store.calls.saved_calls import JANE, MAX, missed, talked
from tests.sidecar.web.service import Service


def test_a_search_can_be_kept_as_an_address(service: Service) -> None:
    service.calls(missed(), talked(), talked((MAX, "Max Roe"), number="4940123"))
    with service.signed_in(JANE) as browser:
        page = browser.get("/?q=0171&state=ended&agent=4&since=2026-11-22&until=2026-11-22").text
        assert re.findall(r'id="call-(\d+)"', page) == ["2"]
        assert 'value="0171"' in page
        assert '<option value="ended" selected' in page
        assert re.findall(r'id="call-(\d+)"', browser.get("/?since=2026-11-23").text) == []
        assert browser.get("/?state=nonsense&since=yesterday&agent=x&line=nonsense&before=x").status_code == 200
