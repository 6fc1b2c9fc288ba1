"""What Zammad calls the attributes that hold numbers, as last read from it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from sidecar.store.replicas.snapshots import NOTE, load_snapshot, save_snapshot

NAMES = f"{NOTE}names of attributes"


def attribute_names(connection: Connection) -> Mapping[str, str]:
    """By the name in Zammad's records; those that were never read are missing."""
    kept = load_snapshot(connection, NAMES)
    return kept.value if kept else {}


def keep_attribute_names(connection: Connection, names: Mapping[str, str], now: float) -> None:
    save_snapshot(connection, NAMES, dict(names), now)
