"""In whose words a command speaks: people's, by the environment; what machines read is always English."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sidecar.calls.reasons import Reason, as_json
from sidecar.words.languages import language_of_environment
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words

FOR_MACHINES = Words()


def words_for(*, utc: bool = False) -> Words:
    """Times are those of the machine's zone, or `utc`."""
    return Words(language=language_of_environment(os.environ), zone="UTC" if utc else zone_of_machine())


def zone_of_machine() -> str:
    return _zone_called(os.environ.get("TZ", "")) or _zone_of_system()


@cache
def _zone_of_system() -> str:
    link, named = Path("/etc/localtime"), Path("/etc/timezone")
    linked = str(link.resolve()).partition("zoneinfo/")[2]
    written = named.read_text(encoding="utf-8", errors="replace").strip() if named.is_file() else ""
    return _zone_called(linked) or _zone_called(written) or "UTC"


def _zone_called(name: str) -> str | None:
    try:
        return ZoneInfo(name.removeprefix(":")).key
    except (OSError, ValueError, KeyError):  # no zone, or none that is known here
        return None


def labelled(record: Mapping[str, object], words: Words) -> Mapping[str, object]:
    """The same values with their names in words."""
    return {words.term("column", name): value for name, value in record.items()}


def said(reason: Reason | None, words: Words) -> str | None:
    return None if reason is None else sentence(reason, words)


def coded(reason: Reason | None) -> object:
    """What the sentence is made of, for machines."""
    return None if reason is None else as_json(reason)
