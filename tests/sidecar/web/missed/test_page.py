"""The list of missed calls."""

from __future__ import annotations

import re

from tests.sidecar.store.calls.saved_calls import JANE, NOON, missed
from tests.sidecar.web.service import Service


def test_all_missed_calls_are_on_the_page_in_the_end(service: Service) -> None:
    service.calls(*(missed(number=f"49301{number:05}", started_at=NOON + number / 3) for number in range(230)))
    with service.signed_in(JANE) as browser:
        text, seen = browser.get("/missed").text, []
        while True:
            seen += re.findall(r'id="missed-(\d+)"', text)
            further = re.search(r'hx-get="/sidecar(/missed\?before=[^"]+)"', text)
            if not further:
                break
            text = browser.get(further[1], headers={"HX-Request": "true"}).text
        assert [int(number) for number in seen] == list(range(230, 0, -1))
        assert "<html" in browser.get("/missed?before=nonsense").text
