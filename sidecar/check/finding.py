"""What a check has found: a fact, and where it is none to be happy about, why that matters and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    subject: str
    level: Level
    what: str
    why: str = ""
    cure: str = ""


def ok(subject: str, what: str) -> Finding:
    return Finding(subject=subject, level="ok", what=what)


def warning(subject: str, what: str, *, why: str, cure: str) -> Finding:
    return Finding(subject=subject, level="warning", what=what, why=why, cure=cure)


def problem(subject: str, what: str, *, why: str, cure: str) -> Finding:
    return Finding(subject=subject, level="problem", what=what, why=why, cure=cure)


def without_secrets(finding: Finding, secrets: Iterable[str | None]) -> Finding:
    """Whatever an error or an admin has written where: a token is never shown."""
    for secret in filter(None, secrets):
        what, why, cure = (text.replace(secret, "…") for text in (finding.what, finding.why, finding.cure))
        finding = replace(finding, what=what, why=why, cure=cure)
    return finding


def listed(texts: Iterable[str], *, most: int = 10) -> str:
    """The first few, and how many more there are."""
    every = list(texts)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return "; ".join(every[:most]) + more
