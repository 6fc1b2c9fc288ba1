"""Ages of what was read from Zammad: they grow whatever the clock of the machine does."""

from __future__ import annotations

from functools import partial

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sidecar.gauges import Gauges
from sidecar.metrics import Metrics
from sidecar.store.database import Database
from sidecar.store.replicas.snapshots import save_snapshot

pytestmark = pytest.mark.anyio
NOW = 1_795_376_000.0
DAY = 86_400.0


class Time:
    """The clock of the machine, and the time that really passes."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.set_by = 0.0

    def clock(self) -> float:
        return NOW + self.passed + self.set_by

    def elapsed(self) -> float:
        return self.passed


def ages(metrics: Metrics) -> dict[str, float]:
    families = text_string_to_metric_families(metrics.exposition()[0].decode())
    return {
        sample.labels["what"]: sample.value
        for family in families
        for sample in family.samples
        if sample.name == "sidecar_sync_age_seconds"
    }


@pytest.mark.parametrize("set_by", [0.0, -3600.0, -3 * DAY, 3 * DAY])
async def test_an_age_grows_whatever_the_clock_does(database: Database, set_by: float) -> None:
    time, metrics = Time(), Metrics()
    save = partial(save_snapshot, name="settings", value={}, now=NOW)
    await database.write(save)
    gauges = Gauges(
        database=database,
        metrics=metrics,
        clock=time.clock,
        elapsed=time.elapsed,
    )
    await gauges.refresh()
    time.set_by = set_by
    for _ in range(2):  # also where nobody refreshes
        time.passed += 50.0
    assert ages(metrics)["settings"] == 100.0 + max(0.0, set_by)
    await database.write(partial(save_snapshot, name="settings", value={}, now=time.clock()))
    await gauges.refresh()
    time.passed += 7.0
    assert ages(metrics)["settings"] == 7.0


async def test_what_was_saved_before_the_clock_was_set_back_grows_older_too(database: Database) -> None:
    time, metrics = Time(), Metrics()
    await database.write(partial(save_snapshot, name="settings", value={}, now=NOW + DAY))
    gauges = Gauges(
        database=database,
        metrics=metrics,
        clock=time.clock,
        elapsed=time.elapsed,
    )
    await gauges.refresh()
    time.passed += 30.0
    await gauges.refresh()
    assert ages(metrics)["settings"] == 30.0
