"""`install` on a Zammad that ends itself at the worst moments."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidecar.sync.setting_up import UNTIL_BACK, UNTIL_GONE, Restart, comes_back, restarts_since
from tests.sidecar.sync.mortal import MIGRATION, Mortal, Place, without_anything
from zammad_client import Zammad
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running


@pytest.fixture
def place() -> Iterator[Place]:
    sim = without_anything()
    with running(sim) as url:
        yield Place(sim=sim, url=url)


def test_a_zammad_that_restarts_itself_is_waited_for(place: Place) -> None:
    mortal = Mortal()
    assert place.install(mortal) is Restart.OVER
    assert place.is_complete()
    assert mortal.now >= mortal.gone_from + mortal.away
    assert mortal.sent.count(MIGRATION) == place.migrations_noted == 1


def test_the_switch_and_the_customer_come_before_the_attributes_and_the_migration_last(place: Place) -> None:
    mortal = Mortal()
    place.install(mortal)
    written = [write.path for write in place.sim.writes]
    attribute = "/api/v1/object_manager_attributes"
    assert written[0].startswith("/api/v1/settings/")
    assert written[1] == "/api/v1/users"
    assert set(written[2:-1]) == {attribute}
    assert written[-1] == MIGRATION


def test_an_older_zammad_that_wants_a_restart_by_hand_is_not_waited_for(place: Place) -> None:
    mortal = Mortal(newer=False)
    assert place.install(mortal) is Restart.BY_HAND
    assert place.is_complete()
    assert mortal.now == 0.0


def test_a_zammad_that_does_not_go_within_fifteen_seconds_wants_a_restart_by_hand(place: Place) -> None:
    mortal = Mortal(until_it_goes=3600.0)
    assert place.install(mortal) is Restart.BY_HAND
    assert mortal.now == pytest.approx(UNTIL_GONE)


def test_a_zammad_that_nothing_starts_again_is_given_up_after_three_minutes(place: Place) -> None:
    mortal = Mortal(away=float("inf"), pace=20.0)
    assert place.install(mortal) is Restart.NOT_BACK
    assert 0.0 <= mortal.now - UNTIL_BACK - mortal.gone_from <= mortal.pace


def test_a_migration_whose_answer_is_lost_is_not_asked_for_again_if_nothing_is_pending(place: Place) -> None:
    first = Mortal()
    place.install(first)
    at = len(first.sent) - first.sent[::-1].index(MIGRATION)
    other = without_anything()
    with running(other) as url:
        again = Place(sim=other, url=url)
        mortal = Mortal(dies_at=at, carries_out=True)
        assert again.install(mortal) is Restart.OVER
        assert again.is_complete()
        assert mortal.sent.count(MIGRATION) == 1


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dies_at=st.integers(1, 18),
    carries_out=st.booleans(),
    refuses=st.booleans(),
    newer=st.booleans(),
    until_it_goes=st.sampled_from([0.0, 2.0]),
    away=st.sampled_from([0.5, 3.0]),
)
def test_whenever_it_ends_itself_the_end_is_the_same_and_no_error(
    *, dies_at: int, carries_out: bool, refuses: bool, newer: bool, until_it_goes: float, away: float
) -> None:
    sim = without_anything()
    with running(sim) as url:
        place = Place(sim=sim, url=url)
        mortal = Mortal(
            dies_at=dies_at,
            carries_out=carries_out,
            refuses=refuses,
            newer=newer,
            until_it_goes=until_it_goes,
            away=away,
        )
        assert place.install(mortal) in {Restart.OVER, Restart.BY_HAND}
        assert place.is_complete()
        collectors = [write for write in sim.writes if write.path == "/api/v1/users"]
        assert len(collectors) == 1


@pytest.mark.anyio
async def test_coming_back_is_waited_for_as_it_is_by_a_second_install() -> None:
    sim = Simulator()
    with running(sim) as url:
        mortal = Mortal(gone_from=0.0)
        zammad = Zammad(url=url, token=sim.tokens.service, transport=mortal)
        assert await comes_back(zammad, mortal.patience)
        await zammad.aclose()
    assert mortal.now == pytest.approx(mortal.away)


@pytest.mark.parametrize(("age", "restarting"), [(0.0, True), (299.0, True), (301.0, False), (-5.0, False)])
def test_a_migration_explains_an_absence_for_five_minutes(age: float, *, restarting: bool) -> None:
    assert restarts_since(1000.0, now=1000.0 + age) is restarting
    assert restarts_since(None, now=1000.0) is False
