"""What `check` finds, for the admin page: one examination at a time, good for a while."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import anyio

from sidecar.check.examination import Examination
from sidecar.check.finding import Finding
from sidecar.config import Settings
from sipgate_client.politeness import Politeness

GOOD_FOR = 60.0  # seconds
AT_LEAST = 5.0  # seconds between two, however often somebody asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    findings: Sequence[Finding]
    at: float  # UTC epoch seconds


class Checkup:
    def __init__(self, *, settings: Settings, clock: Callable[[], float], politeness: Politeness | None = None) -> None:
        self._politeness = politeness
        self._settings = settings
        self._clock = clock
        self._lock = anyio.Lock()
        self._last: Report | None = None

    async def report(self, *, anew: bool = False) -> Report:
        """Takes as long as the examination; whoever asks meanwhile gets the same one."""
        async with self._lock:
            now, last = self._clock(), self._last
            if last is None or now - last.at > (AT_LEAST if anew else GOOD_FOR):
                examination = Examination(settings=self._settings, politeness=self._politeness)
                await examination.run()
                last = self._last = Report(findings=examination.findings, at=now)
            return last
