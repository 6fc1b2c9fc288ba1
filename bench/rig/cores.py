"""One core for the server, the others for everybody else; where that cannot be had, all share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

_ALL = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
PINNED = len(_ALL) > 1 and shutil.which("taskset") is not None
TICKS = os.sysconf("SC_CLK_TCK")


def leave_the_first_core() -> None:
    """For this process and those it starts from now on."""
    if PINNED:
        os.sched_setaffinity(0, _ALL[1:])


def on_the_first_core(command: Sequence[str]) -> list[str]:
    return ["taskset", "-c", str(_ALL[0]), *command] if PINNED else [*command]


def cpu_seconds(pid: int) -> float:
    """Of all threads of a process since its start, in user and kernel mode."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:  # noqa: PTH123 - no file in the usual sense
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid: int, which: str = "VmRSS") -> float:
    """`which`: VmRSS now, VmHWM the most so far."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:  # noqa: PTH123 - as above
        line = next(line for line in status if line.startswith(which))
    return int(line.split()[1]) / 1024


def forget_the_peak(pid: int) -> None:
    """VmHWM begins anew."""
    with open(f"/proc/{pid}/clear_refs", "w", encoding="utf-8") as clear:  # noqa: PTH123 - as above
        clear.write("5")
