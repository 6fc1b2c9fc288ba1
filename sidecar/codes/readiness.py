"""What is not there where a process is not ready: codes of reasons."""

from __future__ import annotations

from enum import StrEnum


class Lacking(StrEnum):
    NOT_ASKED = "lacking.not_asked"
    NOT_READ = "lacking.not_read"
    ZAMMAD = "lacking.zammad"
    NO_ANSWER = "lacking.no_answer"
    STUCK_JOBS = "lacking.stuck_jobs"
