"""The pages on a real port, and a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from sidecar.store.database import Database
from tests.sidecar.web.browsers import RunningBrowser, running_chromium
from tests.sidecar.web.service import Service, Wanted, service_running


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


@pytest.fixture(scope="session")
def running_browser() -> Iterator[RunningBrowser]:
    with running_chromium() as browser:
        running = RunningBrowser(browser)
        yield running
        running.awake()


@pytest.fixture
def chromium(running_browser: RunningBrowser) -> Iterator[Browser]:
    """One for all tests of a worker; each person brings a context of their own."""
    yield running_browser.awake()
    running_browser.asleep()
