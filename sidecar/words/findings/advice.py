"""What is said of one finding."""

from __future__ import annotations

from dataclasses import dataclass

from sidecar.words.marks import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Nothing where there is nothing to say: what is well needs no cure."""

    what: Message
    why: Message = ""
    cure: Message = ""
