"""A person's record: its time of change."""

from __future__ import annotations

import pytest

from zammad_client.simulator import Simulator

pytestmark = pytest.mark.anyio


async def test_two_changes_never_share_an_updated_at() -> None:
    sim = Simulator(clock=lambda: 1_800_000_000.0)
    moments = [sim.change_user(6, note=str(number))["updated_at"] for number in range(5)]
    assert len(set(moments)) == 5
    assert moments == sorted(moments)
