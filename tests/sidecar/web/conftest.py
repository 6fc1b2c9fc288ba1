"""The pages on a real port; browsers where this machine has one, and a last word where it has none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from sidecar.store.database import Database
from tests.sidecar.web.browsers import CHROMIUM, REQUIRED, running_chromium
from tests.sidecar.web.service import Service, Wanted, service_running

NO_BROWSER = "no chromium on this machine"


@pytest.fixture
def wanted() -> Wanted:
    """What a test may parametrise."""
    return Wanted()


@pytest.fixture
def service(sqlite_url: str, wanted: Wanted) -> Iterator[Service]:
    database = Database(sqlite_url)
    with service_running(database, wanted) as service:
        yield service
    database.close()


@pytest.fixture(scope="module")  # its event loop would be in the way of other modules' asynchronous tests
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None and REQUIRED:
        pytest.fail(f"{NO_BROWSER}, and SIDECAR_TEST_REQUIRE_BROWSER asks for one")
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    with running_chromium() as browser:
        yield browser


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = [each for each in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(each.longrepr)]
    if left_out:
        terminalreporter.write_line(
            f"{len(left_out)} tests in a real browser were left out: {NO_BROWSER} (install the package chromium)",
            yellow=True,
        )
