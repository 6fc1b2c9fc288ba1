"""What /metrics exposes."""

from __future__ import annotations

import re

from sidecar.metrics import Metrics


def families(metrics: Metrics) -> dict[str, str]:
    """Name as in the exposition -> type."""
    kinds = re.findall(r"^# TYPE (\S+) (\S+)$", metrics.exposition()[0].decode(), re.MULTILINE)
    return {name: kind for name, kind in kinds if not name.endswith("_created")}
