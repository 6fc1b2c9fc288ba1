"""When browsers can be reached again after Zammad was down."""

from __future__ import annotations

from sidecar.delivery.comeback import OUTAGE, RECONNECTING, Comeback


class Elapsed:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_after_an_outage_browsers_need_some_seconds() -> None:
    time = Elapsed()
    comeback = Comeback(time)
    comeback.is_down()
    time.seconds += OUTAGE
    comeback.is_down()
    assert comeback.browsers_need() == 0.0  # nobody knows for how long
    comeback.answers()
    assert comeback.browsers_need() == RECONNECTING
    time.seconds += 2.0
    comeback.answers()
    assert comeback.browsers_need() == RECONNECTING - 2.0
    time.seconds += RECONNECTING
    assert comeback.browsers_need() == 0.0


def test_a_hiccup_cuts_no_browser_off() -> None:
    time = Elapsed()
    comeback = Comeback(time)
    comeback.is_down()
    time.seconds += OUTAGE / 2
    comeback.answers()
    assert comeback.browsers_need() == 0.0
    time.seconds += OUTAGE
    comeback.answers()
    assert comeback.browsers_need() == 0.0
