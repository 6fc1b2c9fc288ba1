"""One hook's decision, from memory alone: the phone waits for it."""

from __future__ import annotations

from dataclasses import dataclass

from sidecar.calls.answer import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer and why it was given, in words a person understands.

    For a `Reject` the reason begins with "blocked: " and is shown in Zammad's caller log as it stands.
    """

    answer: Answer
    reason: str
