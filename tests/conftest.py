"""What all tests share."""

from __future__ import annotations

from collections import Counter

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.matrix import matrix_of

# How long an example takes says more about what else the machine does than about the example.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# What structlog would do by itself, tracebacks with the value of every variable, takes seconds for each.
plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, plain])

pytest_plugins = ["tests.databases"]


LONG = ("tests/whole_service/", "tests/project/", "tests/sidecar/demo/", "tests/sidecar/sipgate/test_service.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every worker begins with its share of what takes long, so that none is left alone with it at the end."""
    long = [item for item in items if item.nodeid.startswith(LONG)]
    short = [item for item in items if not item.nodeid.startswith(LONG)]
    items.clear()
    for workers in range(getattr(config, "workerinput", {}).get("workercount", 1), 0, -1):
        share = (len(long) + len(short)) // workers  # as pytest-xdist deals them out
        items += long[::workers]
        rest = share - len(long[::workers])
        items += short[:rest]
        del long[::workers], short[:rest]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = Counter(str(each.longrepr[2]) for each in terminalreporter.stats.get("skipped", []))
    for reason, tests in left_out.items():
        terminalreporter.write_line(f"tests left out: {tests}, {reason.removeprefix('Skipped: ')}", yellow=True)
    played = [each for outcome in ("passed", "failed") for each in terminalreporter.stats.get(outcome, [])]
    for line in matrix_of(played):
        terminalreporter.write_line(line)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
