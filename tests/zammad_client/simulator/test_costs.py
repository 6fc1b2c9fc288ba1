"""What a large Zammad has to work for an answer."""

from __future__ import annotations

import pytest

from zammad_client.simulator.costs import Costs


def test_users_cost_most_when_they_are_read_for_the_first_time() -> None:
    costs = Costs()
    assert costs.of("/api/v1/users", "page=1&per_page=500") == pytest.approx(10.05)
    assert costs.of("/api/v1/users", "page=1&per_page=500") == pytest.approx(0.85)
    assert costs.of("/api/v1/users", "page=3&per_page=250&expand=false") == pytest.approx(5.05)
    assert costs.pages == pytest.approx(15.95)


def test_a_search_for_ten_is_quick_and_one_for_two_hundred_is_not() -> None:
    assert Costs().of("/api/v1/users/search", "per_page=10") == pytest.approx(0.13)
    assert Costs().of("/api/v1/users/search", "per_page=200") == pytest.approx(0.51)
