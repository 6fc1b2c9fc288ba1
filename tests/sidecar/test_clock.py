"""The clock that never runs backwards."""

from __future__ import annotations

from dataclasses import dataclass

from sidecar.clock import SteadyClock


@dataclass(slots=True)
class Watches:
    wall: float = 1_000.0
    elapsed: float = 50.0

    def pass_time(self, seconds: float) -> None:
        self.wall += seconds
        self.elapsed += seconds


def test_it_shows_the_wall_clock() -> None:
    watches = Watches()
    clock = SteadyClock(lambda: watches.wall, elapsed=lambda: watches.elapsed)
    watches.pass_time(2.5)
    assert clock() == 1_002.5


def test_set_forward_it_follows_at_once() -> None:
    watches = Watches()
    clock = SteadyClock(lambda: watches.wall, elapsed=lambda: watches.elapsed)
    watches.wall += 3_600
    assert clock() == 4_600.0


def test_set_back_it_goes_on_at_half_speed_until_the_time_has_come_again() -> None:
    watches = Watches()
    clock = SteadyClock(lambda: watches.wall, elapsed=lambda: watches.elapsed)
    watches.wall -= 10
    shown = []
    for _ in range(6):
        watches.pass_time(4)
        shown.append(clock())
    assert shown == [1_002.0, 1_004.0, 1_006.0, 1_008.0, 1_010.0, 1_014.0]
