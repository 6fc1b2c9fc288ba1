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
        self._silent_since: float | None = None
        self._ask_at = 0.0

    @property
    def on_open_pages(self) -> float:
        """For so many seconds after Zammad's word for somebody their pages stay open."""
        return TRUSTED_WITHOUT_ZAMMAD if self._silent_since is not None else CONFIRMED_WITHIN

    def may_ask(self) -> bool:
        """Of a silent Zammad one asks now and then for all, and only that one waits for it."""
        if self._silent_since is None:
            return True
        if self._clock() < self._ask_at:
            return False
        self.note_silence()
        return True

    def goes_on(self, age: float) -> bool:
        """Whether somebody of whom Zammad said so many seconds ago that it knows them still counts as known.

        It may be longer ago where Zammad has fallen silent since: nobody asks about a person who does nothing.
        """
        silent_since = self._silent_since
        silent = silent_since is not None and self._clock() - silent_since < TRUSTED_WITHOUT_ZAMMAD
        return age < TRUSTED_WITHOUT_ZAMMAD or silent

    def note_answer(self) -> None:
        self._silent_since = None

    def note_silence(self) -> None:
        if self._silent_since is None:
            self._silent_since = self._clock()
        self._ask_at = self._clock() + ASK_AGAIN_AFTER
