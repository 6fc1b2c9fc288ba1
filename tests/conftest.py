"""What all tests share."""

from __future__ import annotations

import pytest

pytest_plugins = ["tests.databases"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
