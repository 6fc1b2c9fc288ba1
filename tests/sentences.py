"""Reasons as people read them in English: what tests compare."""

from __future__ import annotations

import re

from sidecar.calls.reasons import Reason, reason_in
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words

ENGLISH, GERMAN = Words(), Words(language="de")


def said(reason: Reason | None, words: Words = ENGLISH) -> str:
    """Nothing where there is no reason."""
    return "" if reason is None else sentence(reason, words)


def said_by(kept: str | None) -> str:
    """What a text column says."""
    return "" if kept is None else said(reason_in(kept))


def english_in(shown: str) -> list[str]:
    """Words that only English sentences have; what is quoted, a command or an address is somebody else's."""
    own = re.sub(r"`[^`]*`|\{[^}]*\}|„[^“]*“|\S*/\S+|\S+\.\S+", " ", shown)
    return re.findall(r"\b(?:the|and|is|are|of|with|from|that|this|to|for|not|no|by|it)\b", own)
