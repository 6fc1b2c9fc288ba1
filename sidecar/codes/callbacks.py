"""What `check` finds about callback tickets."""

from __future__ import annotations

from enum import StrEnum


class Callbacks(StrEnum):
    UNREAD = "callbacks.unread"  # error
    LINES = "callbacks.lines"  # groups, rows
    BARRED = "callbacks.barred"  # group
    UNFILLED = "callbacks.unfilled"  # fields
    NOBODY_COLLECTS = "callbacks.nobody_collects"  # login
    TIE = "callbacks.tie"  # row, groups
    UNCLEAR = "callbacks.unclear"  # group, row, problem
    REFUSED = "callbacks.refused"  # count, error: of the newest
