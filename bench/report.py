"""How benchmarks tell their numbers: a table for eyes, JSON for comparisons."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

_RESULTS = Path(__file__).parent / "results"


def is_quick() -> bool:
    """Whether `python -m bench --quick` was asked for: smaller sizes, coarser numbers."""
    return bool(os.environ.get("SIDECAR_BENCH_QUICK"))


def percentiles(seconds: Sequence[float], *, digits: int = 1) -> dict[str, float]:
    """In milliseconds, with so many digits behind the point."""
    cuts = statistics.quantiles([second * 1000 for second in seconds], n=100, method="inclusive")
    return {
        "count": len(seconds),
        "p50_ms": round(cuts[49], digits),
        "p95_ms": round(cuts[94], digits),
        "p99_ms": round(cuts[98], digits),
        "max_ms": round(max(seconds) * 1000, digits),
    }


def report(name: str, rows: Mapping[str, Mapping[str, object]]) -> None:
    """Rows by their label, all with the same columns."""
    table = Table("", *next(iter(rows.values())), title=name, title_justify="left")
    for label, values in rows.items():
        table.add_row(label, *map(str, values.values()))
    Console(width=160).print(table)
    _RESULTS.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "load": os.getloadavg()[0]}
    kept = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "machine": machine, "rows": rows}
    (_RESULTS / f"{name}.json").write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
