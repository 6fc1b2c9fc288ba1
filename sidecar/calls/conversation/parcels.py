"""A message to Zammad's caller log on its way: what it is for, and how far it is."""

from __future__ import annotations

from enum import StrEnum


class ParcelKind(StrEnum):
    OPEN_ROW = "open row"
    SHOW_ANSWER = "show answer"
    CLOSE_ROW = "close row"


class ParcelState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"  # refused for good
    DISCARDED = "discarded"
