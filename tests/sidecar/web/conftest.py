"""The pages on a real port, and a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from sidecar.store.database import Database
from tests.sidecar.web.browsers import running_chromium
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


@pytest.fixture(scope="module")  # its event loop would be in the way of other modules' asynchronous tests
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser
