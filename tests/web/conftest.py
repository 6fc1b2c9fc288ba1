"""The pages on a real port; browsers where this machine has one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sidecar.store.database import Database
from tests.web.service import Service, Wanted, service_running


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


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    return tmp_path
