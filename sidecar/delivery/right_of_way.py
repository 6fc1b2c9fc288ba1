"""Dialogs have the right of way to Zammad: while one is on its way there, nothing else of ours sets out.

A request that has set out cannot be called back, so those who have time go one after the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager

PATIENCE = 1.0  # seconds that others wait at most, for one dialog or for many in a row
IN_FILE = 3.0  # seconds that a request waits at most for the one before it


class RightOfWay:
    """A dialog is on its way from the hook that says who picked up until Zammad has been told, or need not be.

    When patience is at its end no dialog has the right of way, for as long again: in a rush everybody gets through.
    On the event loop's own thread only.
    """

    def __init__(self, *, patience: float = PATIENCE, in_file: float = IN_FILE) -> None:
        self._patience = patience
        self._in_file = in_file
        self._answers: list[float] = []  # when their hooks were received; what comes of them is not known yet
        self._dialogs: set[int] = set()  # conversations
        self._timer: asyncio.TimerHandle | None = None
        self._rests = False
        self._changed = asyncio.Event()
        self._file = asyncio.Lock()

    @property
    def dialogs(self) -> frozenset[int]:
        """Conversations whose dialog is to be sent, or is being sent."""
        return frozenset(self._dialogs)

    def expect(self, received_at: float) -> None:
        """A hook received at this instant may open a dialog."""
        if self._is_given():
            self._answers.append(received_at)

    def folded(self, until: float, dialogs: Collection[int]) -> None:
        """What was received before `until` is folded, and the dialogs of these conversations are to be sent."""
        if dialogs and self._is_given():
            self._dialogs.update(dialogs)
        self._answers = [at for at in self._answers if at >= until]
        self._settle()

    @contextmanager
    def sending(self, conversation: int) -> Iterator[None]:
        """Around the attempt to send a dialog."""
        if self._is_given():
            self._dialogs.add(conversation)
        try:
            yield
        finally:
            self.over(conversation)

    def over(self, conversation: int) -> None:
        """There is no dialog to be sent any more, here at least."""
        self._dialogs.discard(conversation)
        self._settle()

    async def clear(self, *, of_call: int | None = None) -> None:
        """Returns when whoever has time may go; at once for what belongs to a conversation with a dialog."""
        try:
            async with asyncio.timeout(self._patience):
                while self._is_held and of_call not in self._dialogs:
                    await self._changed.wait()
        except TimeoutError:
            return

    @asynccontextmanager
    async def giving_way(self) -> AsyncIterator[None]:
        """Around a request somebody waits for."""
        await self.clear()
        yield

    @asynccontextmanager
    async def in_file(self) -> AsyncIterator[None]:
        """Around a request nobody waits for: one of all these at a time, unless the one before takes too long."""
        first = await self._gets_to_the_front()
        try:
            await self.clear()
            yield
        finally:
            if first:
                self._file.release()

    async def _gets_to_the_front(self) -> bool:
        try:
            async with asyncio.timeout(self._in_file):
                return await self._file.acquire()
        except TimeoutError:
            return False

    @property
    def _is_held(self) -> bool:
        return bool(self._answers or self._dialogs)

    def _is_given(self) -> bool:
        """Whether a dialog gets the right of way now. The time it is given for begins with the first of a row."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._patience, self._lose_patience)
        return not self._rests

    def _lose_patience(self) -> None:
        self._rests = True
        self._answers.clear()
        self._dialogs.clear()
        self._timer = asyncio.get_running_loop().call_later(self._patience, self._have_patience_again)
        self._tell()

    def _have_patience_again(self) -> None:
        self._rests = False
        self._timer = None

    def _settle(self) -> None:
        if self._timer is not None and not (self._is_held or self._rests):
            self._timer.cancel()
            self._timer = None
        self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
