"""How long people count as known without Zammad's word for it: longer while Zammad cannot say."""

from __future__ import annotations

from collections.abc import Callable

CONFIRMED_WITHIN = 900.0  # seconds: an open page that has not been confirmed for longer has to connect anew
TRUSTED_WITHOUT_ZAMMAD = 3600.0  # seconds: while Zammad is down its people go on working
ASK_AGAIN_AFTER = 30.0  # seconds: meanwhile nobody waits for a Zammad that does not answer


class Trust:
    """One for all sessions of this process. Zammad counts as silent from a question it did not answer to its next
    answer, so that open pages stay although nobody asks on their behalf.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._silent = False
        self._ask_at = 0.0

    @property
    def on_open_pages(self) -> float:
        """For so many seconds after Zammad's word for somebody their pages stay open."""
        return TRUSTED_WITHOUT_ZAMMAD if self._silent else CONFIRMED_WITHIN

    def may_ask(self) -> bool:
        """Of a silent Zammad one asks now and then for all, and only that one waits for it."""
        if not self._silent:
            return True
        if self._clock() < self._ask_at:
            return False
        self.note_silence()
        return True

    def note_answer(self) -> None:
        self._silent = False

    def note_silence(self) -> None:
        self._silent = True
        self._ask_at = self._clock() + ASK_AGAIN_AFTER
