"""How a loop sleeps: until somebody wakes it, or for so many seconds."""

from __future__ import annotations

import asyncio


class WakeUp:
    """For one loop. Waking it while it works makes it look once more; waking it often is waking it once.

    On the event loop's own thread only.
    """

    def __init__(self) -> None:
        self._called = asyncio.Event()

    def wake(self) -> None:
        self._called.set()

    async def wait(self, seconds: float | None = None) -> bool:
        """True: woken, perhaps before it slept. False: so many seconds have passed; None never pass."""
        try:
            async with asyncio.timeout(seconds):
                await self._called.wait()
        except TimeoutError:
            return False
        self._called.clear()
        return True
