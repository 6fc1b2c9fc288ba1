"""Agents who want tabs in the desktop view and were refused the last one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from sidecar.store.replicas.snapshots import NOTE, Json, load_snapshot, save_snapshot

REFUSED = f"{NOTE}refused tabs"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedTab:
    status: int
    words: str  # Zammad's


def refused_tabs(connection: Connection) -> Mapping[int, RefusedTab]:
    """By the agent's id."""
    return {
        int(agent): RefusedTab(status=each["status"], words=each["words"]) for agent, each in _kept(connection).items()
    }


def keep_tab(connection: Connection, agent_id: int, refused: RefusedTab | None, now: float) -> None:
    """What came of the last one. None: it is there."""
    kept, agent = _kept(connection), str(agent_id)
    others = {name: each for name, each in kept.items() if name != agent}
    if refused or others != kept:
        save_snapshot(connection, REFUSED, {**others, agent: asdict(refused)} if refused else others, now)


def _kept(connection: Connection) -> dict[str, Json]:
    snapshot = load_snapshot(connection, REFUSED)
    return dict(snapshot.value) if snapshot else {}
