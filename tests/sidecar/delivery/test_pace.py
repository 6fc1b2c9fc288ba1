"""Pace and breaker, with a clock of the test's own."""

from __future__ import annotations

import pytest

from sidecar.delivery.pace import FRESH_AT_ONCE, FRESH_RATE, Breaker, Pace


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.anyio
async def test_a_backlog_goes_at_its_rate_and_fresh_work_at_once() -> None:
    time = Time()
    pace = Pace(rate=10.0, clock=time, sleep=time.sleep)
    for _ in range(21):
        await pace.turn(age=60.0)
    assert time.now == pytest.approx(102.0)
    await pace.turn(age=0.1)
    assert time.now == pytest.approx(102.0)


@pytest.mark.anyio
async def test_more_fresh_work_than_zammad_takes_is_spread_after_the_first_ones() -> None:
    time = Time()
    pace = Pace(rate=10.0, clock=time, sleep=time.sleep)
    for _ in range(FRESH_AT_ONCE):
        await pace.turn(age=0.1)
    assert time.now == pytest.approx(100.0)
    for _ in range(100):
        await pace.turn(age=0.1)
    assert time.now == pytest.approx(100.0 + 100 / FRESH_RATE)


def test_the_breaker_opens_after_three_failures_and_lets_one_through_at_a_time() -> None:
    time = Time()
    breaker = Breaker(clock=time, jitter=lambda: 1.0)
    for _ in range(2):
        breaker.failed()
    assert breaker.lets_through() is None
    breaker.failed()
    assert breaker.lets_through() == 0
    time.now += 4.0
    assert breaker.lets_through() == 1
    breaker.succeeded()
    assert breaker.lets_through() is None


def test_retry_after_opens_the_breaker_at_once_for_that_long() -> None:
    time = Time()
    breaker = Breaker(clock=time, jitter=lambda: 0.0)
    breaker.failed(after=30.0)
    time.now += 29.0
    assert breaker.lets_through() == 0
    time.now += 1.0
    assert breaker.lets_through() == 1


def test_pauses_grow_but_not_for_ever() -> None:
    time = Time()
    breaker = Breaker(clock=time, jitter=lambda: 1.0, longest=15.0)
    for _ in range(50):
        breaker.failed()
        time.now += 15.0
    assert breaker.lets_through() == 1


def test_one_parcel_that_fails_again_and_again_never_opens_the_breaker() -> None:
    breaker = Breaker(clock=Time(), jitter=lambda: 1.0)
    for _ in range(10):
        breaker.failed(suspect=1)
    assert breaker.lets_through() is None
    breaker.failed(suspect=2)
    breaker.failed(suspect=3)
    assert breaker.lets_through() == 0


def test_attempts_that_had_begun_before_it_opened_make_the_pause_no_longer() -> None:
    time = Time()
    breaker = Breaker(clock=time, jitter=lambda: 1.0)
    for _ in range(7):
        breaker.failed()
    time.now += 4.0
    assert breaker.lets_through() == 1


def test_a_pause_of_a_day_is_not_believed() -> None:
    time = Time()
    breaker = Breaker(clock=time, jitter=lambda: 1.0)
    breaker.failed(after=86_400.0)
    time.now += 300.0
    assert breaker.lets_through() == 1


def test_once_somebody_else_was_answered_the_next_attempt_need_not_wait() -> None:
    time = Time()
    breaker = Breaker(clock=time, jitter=lambda: 1.0)
    assert not breaker.zammad_answers(), "nothing was held back"
    for _ in range(3):
        breaker.failed()
    assert breaker.lets_through() == 0
    assert breaker.zammad_answers()
    assert breaker.lets_through() == 1
    assert not breaker.zammad_answers(), "that is no news"


def test_a_rest_that_zammad_asked_for_is_kept_whoever_was_answered() -> None:
    time = Time()
    breaker = Breaker(clock=time, jitter=lambda: 0.0)
    breaker.failed(after=30.0)
    assert not breaker.zammad_answers()
    assert breaker.lets_through() == 0
