"""What Prometheus is told; every metric is explained in docs/metrics.md."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from sidecar import __version__

_HOOK_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)  # seconds


class Metrics:
    """One attribute per metric on a registry of its own, so that two sidecars may live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._of_hooks()
        self._of_deliveries()
        self._of_sync()
        build = Gauge("sidecar_build_info", "Always 1; the version is the label.", ["version"], registry=self.registry)
        build.labels(version=__version__).set(1)

    def _of_hooks(self) -> None:
        self.hooks = self._counter("hooks", "Hooks answered.", "direction", "event", "outcome")
        self.hook_seconds = Histogram(
            "sidecar_hook_seconds",
            "From the first byte of a hook to its answer.",
            buckets=_HOOK_BUCKETS,
            registry=self.registry,
        )
        self.signatures = self._counter("signatures", "Signatures checked.", "result")
        self.journal_failures = self._counter("journal_failures", "Hooks that were not on disk within the budget.")
        self.journal_waiting = self._gauge("journal_waiting", "Hooks in memory that wait for the disk.")
        self.journal_aside = self._gauge("journal_aside", "Hooks in this machine's file that wait for the database.")
        self.database_losses = self._counter("database_losses", "Times the database's file was removed or replaced.")
        self.damaged_files = self._gauge("damaged_files", "Damaged files that were set aside and lie there.")
        self.connections_closed = self._counter(
            "connections_closed", "Connections ended for going beyond a limit, or for what came.", "why"
        )
        self.last_hook = self._gauge("last_hook_timestamp_seconds", "When the last hook came, UTC epoch; 0: none yet.")

    def _of_deliveries(self) -> None:
        self.deliveries = self._counter("deliveries", "Requests to Zammad that calls have caused.", "kind", "outcome")
        self.outbox_pending = self._gauge("outbox_pending", "Requests to Zammad that are still to be sent.")
        self.outbox_oldest_seconds = self._gauge("outbox_oldest_seconds", "Age of the oldest of them.")
        self.dead_letters = self._gauge("dead_letters", "Requests that Zammad has refused for good.")
        self.tickets = self._counter("tickets", "Steps about callback tickets and call notes.", "what", "outcome")
        self.desktop_tabs = self._counter("desktop_tabs", "Tabs in the desktop view that calls have caused.", "outcome")
        self.recent_logs_dropped = self._counter("recent_logs_dropped", "Rows left out of Zammad's Recent Logs.")

    def _of_sync(self) -> None:
        self.sync_age_seconds = self._gauge("sync_age_seconds", "Since the last successful synchronisation.", "what")
        self.stuck_jobs = self._gauge("stuck_jobs", "Periodical jobs that have not run for three of their periods.")
        self.lookups = self._counter("lookups", "Callers looked up in the directory.", "result")
        self.repairs_refused = self._gauge(
            "repairs_refused", "Customers whose numbers Zammad refuses to have repaired at present."
        )
        self.repairs = self._counter("repairs", "Users whose numbers were repaired in Zammad.", "outcome")

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"sidecar_{name}", help_text, labels, registry=self.registry)  # the library adds _total

    def _gauge(self, name: str, help_text: str, *labels: str) -> Gauge:
        return Gauge(f"sidecar_{name}", help_text, labels, registry=self.registry)

    def exposition(self) -> tuple[bytes, str]:
        """Everything in Prometheus' text format, and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_PLAIN_0_0_4
