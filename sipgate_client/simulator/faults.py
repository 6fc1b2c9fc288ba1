"""Faults on demand: what a sipgate that is slow, strict or half dead does to its callers."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Fault:
    path: str
    method: str = ""  # empty: any
    status: int = 0  # answered, nothing done; 0: see `lose`
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    lose: bool = False  # the work is done, then the connection is cut
    left: int | None = None  # requests it still applies to; None: until cleared


class Faults:
    """`path` is a prefix of the request's path behind /v2. Of several the last one set wins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def fail(
        self, status: int, *, path: str = "/", times: int | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        self._add(Fault(path=path, status=status, left=times, headers=headers or {}))

    def lose_answers(self, *, path: str = "/", method: str = "", times: int | None = None) -> None:
        """Does the work and drops the connection instead of answering."""
        self._add(Fault(path=path, method=method, lose=True, left=times))

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, counted."""
        with self._lock:
            meant = (each for each in reversed(self._faults) if each.method in {"", method})
            fault = next((each for each in meant if path.startswith(each.path)), None)
            if fault is not None and fault.left is not None:
                fault.left -= 1
                if fault.left <= 0:
                    self._faults.remove(fault)
            return fault

    def _add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)
