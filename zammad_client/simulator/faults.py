"""Faults on demand: what a Zammad that is down, slow or half dead does to its callers."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Door(Protocol):
    """The listening socket of a running server."""

    def close(self) -> None: ...

    def open(self) -> None: ...


@dataclass(slots=True, kw_only=True)
class Fault:
    kind: str  # hang | fail | mask | slow | lose
    path: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    left: int | None = None  # requests it still applies to; None: until cleared
    active: bool = True


class Faults:
    """Each fault stays until `clear()`. `next(2).fail(503)` limits the fault that follows to two requests.

    `path` is a prefix of the request's path. Of several faults for one path the last one set wins.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._limit: int | None = None
        self._door: Door | None = None
        self.refusing = False

    def next(self, count: int) -> Faults:
        self._limit = count
        return self

    def refuse(self) -> None:
        """Nobody listens: connections are refused (with `running`); in-process every request fails with 503."""
        self.refusing = True
        if self._door is not None:
            self._door.close()

    def hang(self, *, path: str = "/") -> None:
        """No answer until cleared, nothing is done, then the connection is dropped."""
        self._set(Fault(kind="hang", path=path))

    def fail(self, status: int, *, headers: Mapping[str, str] | None = None, path: str = "/") -> None:
        """A proxy's error page, nothing is done."""
        self._set(Fault(kind="fail", path=path, status=status, headers=headers or {}))

    def refuse_masked(self, *, path: str = "/") -> None:
        """422 without a reason, nothing is done: how Zammad tells of any fault of its database."""
        self._set(Fault(kind="mask", path=path))

    def slow(self, seconds: float, *, path: str = "/") -> None:
        """Waits first, then does and answers as usual."""
        self._set(Fault(kind="slow", path=path, seconds=seconds))

    def lose_answers(self, *, path: str = "/") -> None:
        """Does the work and drops the connection instead of answering (in-process: 504)."""
        self._set(Fault(kind="lose", path=path))

    def clear(self) -> None:
        with self._lock:
            for fault in self._faults:
                fault.active = False
            self._faults.clear()
            self._limit = None
        if self.refusing:
            self.refusing = False
            if self._door is not None:
                self._door.open()

    def take(self, path: str) -> Fault | None:
        """The fault for this request, counted."""
        with self._lock:
            fault = next((each for each in reversed(self._faults) if path.startswith(each.path)), None)
            if fault is not None and fault.left is not None:
                fault.left -= 1
                if fault.left <= 0:
                    self._faults.remove(fault)
            return fault

    def attach(self, door: Door | None) -> None:
        self._door = door

    def release(self) -> None:
        """Lets hanging requests go; the faults stay for the requests to come."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.kind == "hang":
                    fault.active = False
                    self._faults[index] = Fault(kind="hang", path=fault.path, left=fault.left)

    def _set(self, fault: Fault) -> None:
        with self._lock:
            fault.left, self._limit = self._limit, None
            self._faults.append(fault)
