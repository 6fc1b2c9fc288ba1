"""What a check has found: a code that stands for a fact and, where it is none to be happy about, for what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from sidecar.calls.reasons import Reason, because, with_texts
from sidecar.codes.findings import Topic


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    level: Level
    subject: Reason
    reason: Reason


def ok(subject: Topic | Reason, reason: Reason) -> Finding:
    return found(Level.OK, subject, reason)


def warning(subject: Topic | Reason, reason: Reason) -> Finding:
    return found(Level.WARNING, subject, reason)


def problem(subject: Topic | Reason, reason: Reason) -> Finding:
    return found(Level.PROBLEM, subject, reason)


def found(level: Level, subject: Topic | Reason, reason: Reason) -> Finding:
    about = subject if isinstance(subject, Reason) else because(subject)
    return Finding(level=level, subject=about, reason=reason)


def without_secrets(finding: Finding, secrets: Iterable[str | None]) -> Finding:
    """Whatever an error or an admin has written where: a token is never shown."""
    known = [secret for secret in secrets if secret]

    def struck(text: str) -> str:
        for secret in known:
            text = text.replace(secret, "…")
        return text

    return replace(finding, reason=with_texts(finding.reason, struck))
