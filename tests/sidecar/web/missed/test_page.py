"""The list of missed calls."""

from __future__ import annotations

import re
from typing import Any

from tests.sidecar.store.calls.saved_calls import JANE, NOON, Seed, missed
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


def test_an_entry_says_how_long_it_rang_where_and_who_has_called_back_in_vain(service: Service) -> None:
    rang = [{"direction": "in", "users": ["Ada", "Bea", "Cleo", "Dora"], "user_ids": ["w0"]}]
    tried: dict[str, Any] = {"state": "not reached", "direction": "out", "lasting": 12.0}
    service.calls(
        missed(extra={"story": rang, "waiting": 33.0}),
        Seed(**tried, started_at=NOON + 600, agent=(JANE, "Jane Doe")),
        Seed(**tried, started_at=NOON + 900, agent=(5, "Max Roe")),
    )
    with service.signed_in(JANE) as browser:
        page = browser.get("/missed").text
        german = browser.get("/missed", headers={"Accept-Language": "de"}).text
    assert "Rang 33 secs at Ada, Bea, Cleo and 1 more" in page
    assert re.search(r"Called back, not reached: Max Roe, [^<]+ · 2 attempts", page)
    assert "Klingelte 33 Sek. bei Ada, Bea, Cleo" in german
    assert re.search(r"Zurückgerufen, nicht erreicht: Max Roe, [^<]+ · 2 Versuche", german)
