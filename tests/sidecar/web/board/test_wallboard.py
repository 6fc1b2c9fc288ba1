"""The wallboard."""

from __future__ import annotations

import re

from tests.sidecar.store.calls.saved_calls import JANE, Seed
from tests.sidecar.web.service import Service


def test_the_wallboard_shows_who_rings_and_talks(service: Service) -> None:
    service.calls(
        Seed(state="ringing", number="4930777777", started_at=service.clock() - 5),
        Seed(state="answered", answered=3.0, agent=(JANE, "Jane Doe"), started_at=service.clock() - 60),
    )
    with service.signed_in(JANE) as browser:
        page = browser.get("/wallboard").text
        assert "+49 30 777777" in page
        assert "Jane Doe" in page
        assert "<html" not in browser.get("/wallboard", headers={"HX-Request": "true"}).text


def test_the_wallboard_counts_also_what_it_has_no_room_for(service: Service) -> None:
    now = service.clock()
    ringing = [Seed(state="ringing", number=f"493077{n:04}", started_at=now - 50 + n) for n in range(11)]
    dialling = [Seed(state="ringing", direction="out", number=f"493088{n:04}", started_at=now - 20) for n in range(9)]
    talking = [Seed(state="answered", answered=3.0, agent=(JANE, f"Agent {n}"), started_at=now - 60) for n in range(25)]
    service.calls(*talking, *ringing, *dialling)
    with service.signed_in(JANE) as browser:
        page = browser.get("/wallboard", headers={"HX-Request": "true"}).text
    assert re.findall(r"<h2>(?:Ringing|Talking) now <b>(\d+)</b>", page) == ["11", "25"]
    assert page.count("+49 30 77") == 11
    assert "+49 30 88" not in page
    assert [int(number) for number in re.findall(r"and (\d+) more", page)] == [13]
