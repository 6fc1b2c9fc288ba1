"""What was last seen of a database by those who use it."""

from __future__ import annotations

from dataclasses import dataclass

from sidecar.calls.reasons import Reason
from sidecar.errors import StoreError


@dataclass(slots=True, kw_only=True)
class Health:
    write_problem: Reason | None = None  # of the last transaction that was to write; None: it did
    damage: StoreError | None = None  # the last time that one of its files could not be read
