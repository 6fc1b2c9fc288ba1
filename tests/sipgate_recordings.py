"""Hooks as sipgate sends them, recorded or published."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests import places

RECORDINGS = places.RECORDINGS / "sipgate"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedHook:
    name: str
    direction: str  # "" where the body has none
    body: bytes
    content_type: str


def recorded_hooks() -> list[RecordedHook]:
    lines = (RECORDINGS / "hooks.jsonl").read_text(encoding="utf-8").splitlines()
    return [_recorded(json.loads(line)) for line in lines]


def recorded_hook(name: str) -> RecordedHook:
    return next(hook for hook in recorded_hooks() if hook.name == name)


def _recorded(entry: dict[str, str]) -> RecordedHook:
    return RecordedHook(
        name=entry["name"],
        direction=entry["direction"],
        body=entry["body"].encode("ascii"),
        content_type=entry["content_type"],
    )


def signed_body(name: str) -> tuple[bytes, bytes]:
    """A body and the signature sipgate itself gave it."""
    return (RECORDINGS / f"{name}.body").read_bytes(), (RECORDINGS / f"{name}.signature").read_bytes()
