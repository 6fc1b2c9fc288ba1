"""Metrics: their names, and that each is explained."""

from __future__ import annotations

import re

from sidecar import __version__
from sidecar.metrics import Metrics
from tests.places import ROOT
from tests.sidecar.exposition import families

DOCUMENTED = ROOT / "docs" / "metrics.md"


def test_every_name_of_the_surface_is_there() -> None:
    assert families(Metrics()) == {
        "sidecar_build_info": "gauge",
        "sidecar_connections_closed_total": "counter",
        "sidecar_database_losses_total": "counter",
        "sidecar_dead_letters": "gauge",
        "sidecar_deliveries_total": "counter",
        "sidecar_damaged_files": "gauge",
        "sidecar_desktop_tabs_total": "counter",
        "sidecar_hook_seconds": "histogram",
        "sidecar_hooks_total": "counter",
        "sidecar_journal_aside": "gauge",
        "sidecar_journal_failures_total": "counter",
        "sidecar_journal_waiting": "gauge",
        "sidecar_last_hook_timestamp_seconds": "gauge",
        "sidecar_lookups_total": "counter",
        "sidecar_outbox_oldest_seconds": "gauge",
        "sidecar_outbox_pending": "gauge",
        "sidecar_recent_logs_dropped_total": "counter",
        "sidecar_repairs_refused": "gauge",
        "sidecar_repairs_total": "counter",
        "sidecar_signatures_total": "counter",
        "sidecar_stuck_jobs": "gauge",
        "sidecar_sync_age_seconds": "gauge",
        "sidecar_tickets_total": "counter",
    }


def test_what_is_counted_is_shown() -> None:
    metrics = Metrics()
    metrics.hooks.labels(direction="in", event="newCall", outcome="ring").inc()
    text, content_type = metrics.exposition()
    assert b'sidecar_hooks_total{direction="in",event="newCall",outcome="ring"} 1.0' in text
    assert f'sidecar_build_info{{version="{__version__}"}} 1.0' in text.decode()
    assert content_type.startswith("text/plain; version=0.0.4")


def test_two_sidecars_in_one_process_do_not_count_each_others_calls() -> None:
    one, other = Metrics(), Metrics()
    one.journal_failures.inc()
    assert b"sidecar_journal_failures_total 0.0" in other.exposition()[0]


def test_every_metric_is_documented() -> None:
    documented = set(re.findall(r"`(sidecar_\w+)", DOCUMENTED.read_text(encoding="utf-8")))
    assert documented == set(families(Metrics()))
