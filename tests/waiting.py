"""Waiting for what should happen: as soon as it does, however slow the machine is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable

import anyio

PATIENCE = 60.0  # seconds after which it will not happen any more; what is in order never takes so long


async def until(condition: Callable[[], object | Awaitable[object]], *, patience: float = PATIENCE) -> None:
    """Returns as soon as the condition holds."""
    with anyio.fail_after(patience):
        while not (await found if isawaitable(found := condition()) else found):
            await anyio.sleep(0.01)
