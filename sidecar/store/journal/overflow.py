"""Hooks that the database does not take at once: into a file of this machine, and from there into the database later.

One thread (the journal's) keeps, another one moves. As long as something lies in the file whatever comes goes there as
well, so that the order stays. Each hook gets into the database once: before a store is given rows it is noted in the
file what can be said of them should no answer come (`Doubt`), and rows in doubt are looked for before they are moved.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from threading import Event, Lock, Thread

import structlog

from sidecar.errors import StoreError
from sidecar.store.journal.keeping import KEPT_WITHIN, HookStore
from sidecar.store.journal.overflow_file import OverflowFile, WaitingHook
from sidecar.store.journal.rows import Doubt, HookRow
from sidecar.store.journal.slowness import Slowness

AT_ONCE = 0.15  # seconds the store has; the phone waits 0.25
PORTION = 500  # hooks moved at once
PAUSE = 0.25  # seconds before the next attempt to move
FLOOR_EVERY = 30.0  # seconds: rows in doubt are looked for among what has come since then
REMEMBERED = 1000  # hooks in the file, the newest, that whoever asks for what is unwritten is told of

logger = structlog.get_logger()


class Overflow:
    """What the journal writes to. `keep` returns when rows are on disk, in the database or in the file.

    Until `database_is_there` is called everything goes to the file.
    """

    def __init__(self, store: HookStore, file: OverflowFile, *, at_once: float = AT_ONCE, pause: float = PAUSE) -> None:
        self.waiting = 0  # hooks in the file
        self.problem: StoreError | None = None  # why the store takes nothing
        self.file_problem: StoreError | None = None  # why nothing can be kept in the file
        self._store = store
        self._file = file
        self._at_once = at_once
        self._pause = pause
        self._on_moved: Callable[[], None] = lambda: None
        self._turn = Lock()  # of whoever writes where `_direct` says, or changes it
        self._direct = False
        self._there = False
        self._slowness = Slowness(at_once)
        self._floor = 0.0  # when `_doubt` was asked for
        self._doubt: Doubt | None = None  # about whatever the store is given directly
        self._unplaced: Doubt | None = None  # about rows that neither of both has taken
        self._newest: deque[HookRow] = deque(maxlen=REMEMBERED)
        self._oldest_at: float | None = None
        self._wake = Event()
        self._closed = Event()
        self._mover = Thread(target=self._move_for_ever, name="journal overflow", daemon=True)

    def start(self, on_moved: Callable[[], None]) -> None:
        """`on_moved` is called in a thread after each commit of what was in the file."""
        self._on_moved = on_moved
        try:
            self._file.examine()
        except StoreError as error:
            self._note_file(error)
        self._mover.start()

    def database_is_there(self) -> None:
        """It is as this release wants it, and may be another one than before."""
        with self._turn:
            self._store.renew()
            self._there = True
        self._wake.set()

    def database_is_gone(self) -> None:
        with self._turn:
            self._there = self._direct = False

    @property
    def unwritten(self) -> list[HookRow]:
        """The newest hooks that the database does not have yet."""
        return list(self._newest)

    @property
    def oldest_waiting(self) -> float | None:
        """When the oldest hook in the file was received."""
        return self._oldest_at

    def keep(self, rows: Sequence[HookRow], *, again: bool = False) -> Mapping[int, str]:
        """As `HooksInFile.keep`. `again`: the last attempt, with the same rows, failed."""
        with self._turn:
            doubt = self._unplaced if again else None
            if self._direct:
                try:
                    return self._keep_directly(rows, doubt)
                except StoreError as error:
                    doubt = doubt or self._doubt
                    self._turn_aside(error)
            return self._set_aside(rows, doubt)

    def _keep_directly(self, rows: Sequence[HookRow], doubt: Doubt | None) -> Mapping[int, str]:
        within = KEPT_WITHIN if self.file_problem else self._at_once
        if doubt is None:
            return self._store.keep(rows, within=within)
        there = self._store.written(dict.fromkeys(rows, doubt))
        missing = [place for place, row in enumerate(rows) if row not in there]
        refused = self._store.keep([rows[place] for place in missing], within=within) if missing else {}
        return {missing[place]: reason for place, reason in refused.items()}

    def _turn_aside(self, error: StoreError) -> None:
        self._direct = False
        self._slowness.fell_aside(time.monotonic())
        if self.problem is None:
            logger.warning("journal_turns_to_its_file", reason=str(error))
        self.problem = error

    def _set_aside(self, rows: Sequence[HookRow], doubt: Doubt | None) -> Mapping[int, str]:
        try:
            refused = self._file.append(rows, doubt)
        except StoreError as error:
            self._unplaced = doubt
            self._note_file(error)
            self._wake.set()
            raise
        self._note_file(None)
        self.waiting += len(rows) - len(refused)
        self._newest.extend(rows)
        if self._oldest_at is None:
            self._oldest_at = rows[0].received_at
        self._wake.set()
        return refused

    def _note_file(self, error: StoreError | None) -> None:
        if error and not self.file_problem:
            logger.error("journal_file_unusable", file=str(self._file.path), reason=str(error))
        self.file_problem = error

    def drain(self, seconds: float) -> None:
        """Wait until nothing is left in the file, or until the store does not take it."""
        give_up_at = time.monotonic() + seconds
        while self.waiting and self._there and not self.problem and time.monotonic() < give_up_at:
            time.sleep(0.01)

    def close(self) -> None:
        self._closed.set()
        self._wake.set()
        if self._mover.is_alive():
            self._mover.join(self._pause)
        self._file.close()
        self._store.close()

    def _move_for_ever(self) -> None:
        """The thread that moves."""
        pause = 0.0
        while not self._closed.is_set():
            self._wake.wait(pause)
            self._wake.clear()
            try:
                pause = self._move()
            except StoreError as error:
                self._note_problem(error)
                self._closed.wait(self._pause)
            except Exception:
                logger.exception("journal_overflow_failed")
                self._closed.wait(self._pause)

    def _move(self) -> float:
        """One portion; the seconds until the next look."""
        waiting = self._look_into_file()
        if not self._there:
            return self._pause
        if waiting:
            self._move_portion(waiting)
            self._note_problem(None)
            return 0.0
        self._go_direct()
        return self._pause

    def _look_into_file(self) -> list[WaitingHook]:
        if self._direct and not self.waiting and not self.file_problem:
            return []
        try:
            if self.file_problem:
                self._file.try_out()
            waiting = self._file.oldest(PORTION)
            with self._turn:
                self.waiting = self._file.count()
                self._oldest_at = waiting[0].row.received_at if waiting else None
                self._note_file(None)
        except StoreError as error:
            self._note_file(error)
            return []
        return waiting

    def _move_portion(self, waiting: Sequence[WaitingHook]) -> None:
        in_doubt = {each.row: each.doubt for each in waiting if each.doubt}
        there = self._store.written(in_doubt) if in_doubt else set()
        missing = [each for each in waiting if each.row not in there]
        self._file.note_doubt([each.id for each in missing], self._store.doubt())
        began = time.monotonic()
        refused = self._store.keep([each.row for each in missing]) if missing else {}
        self._slowness.took(time.monotonic() - began)
        for place, reason in refused.items():
            logger.error("journal_row_refused", reason=reason, call_id=missing[place].row.call_id)
        self._file.forget([each.id for each in waiting])
        with self._turn:
            self.waiting = max(0, self.waiting - len(waiting))
        self._on_moved()

    def _go_direct(self) -> None:
        """Nothing is left in the file, or it cannot be read."""
        now = time.monotonic()
        if self._direct and now - self._floor < FLOOR_EVERY:
            return
        doubt = self._store.doubt(within=self._at_once if self._direct else KEPT_WITHIN)
        self._slowness.took(time.monotonic() - now)
        with self._turn:
            self._doubt, self._floor = doubt, now
            waits = not self.file_problem and (self.waiting or self._slowness.is_slow(now))
            if self._direct or not self._there or waits:
                return
            self._direct = True
            self._newest.clear()
        self._note_problem(None)
        if not self.file_problem:
            self._file.leave_nothing_behind()

    def _note_problem(self, error: StoreError | None) -> None:
        if error and not self.problem:
            logger.warning("journal_cannot_be_moved", waiting=self.waiting, reason=str(error))
        if self.problem and not error:
            logger.info("journal_moves_again", waiting=self.waiting)
        self.problem = error
