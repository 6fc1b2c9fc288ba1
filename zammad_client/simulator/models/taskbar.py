"""The tabs an agent has open, as far as the desktop view shows them (docs/reference/zammad.md section 10.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .clock import stamp
from .refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zammad_client.records import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    id: int
    user_id: int
    key: str
    callback: str
    app: str
    state: Mapping[str, Json]
    params: Mapping[str, Json]
    prio: int
    notify: bool
    active: bool
    created_at: float
    updated_at: float

    def as_json(self) -> dict[str, Json]:
        contact = stamp(self.updated_at)
        apps = {self.app: {"last_contact": contact, "changed": bool(self.state)}}
        return {
            "id": self.id,
            "user_id": self.user_id,
            "last_contact": contact,
            "key": self.key,
            "callback": self.callback,
            "state": dict(self.state),
            "preferences": {"tasks": [{"user_id": self.user_id, "apps": apps}]},
            "params": dict(self.params),
            "prio": self.prio,
            "notify": self.notify,
            "active": self.active,
            "app": self.app,
            "created_at": stamp(self.created_at),
            "updated_at": contact,
            "attachments": [],
        }


class Taskbar:
    def __init__(self) -> None:
        self._tabs: dict[int, Tab] = {}
        self._last_id = 0

    def of(self, user_id: int) -> list[Tab]:
        return [tab for tab in self._tabs.values() if tab.user_id == user_id]

    def all(self) -> list[Tab]:
        return list(self._tabs.values())

    def find(self, tab_id: int) -> Tab | None:
        return self._tabs.get(tab_id)

    def add(self, fields: Mapping[str, Json], *, user_id: int, now: float) -> Tab:
        """Raises: Refusal for a key that this user has in this app."""
        key, app = str(fields.get("key", "")), str(fields.get("app", "desktop"))
        if any((tab.key, tab.app) == (key, app) for tab in self.of(user_id)):
            raise Refusal(422, "Key has already been taken")
        self._last_id += 1
        tab = Tab(
            id=self._last_id, user_id=user_id, key=key, callback=str(fields.get("callback", "")), app=app,
            state=fields.get("state") or {}, params=fields.get("params") or {}, prio=int(fields.get("prio", 1)),
            notify=bool(fields.get("notify", False)), active=bool(fields.get("active", False)),
            created_at=now, updated_at=now,
        )  # fmt: skip
        self._tabs[tab.id] = tab
        return tab

    def touch(self, tab_id: int, *, now: float) -> None:
        """What a click on it does."""
        self._tabs[tab_id] = replace(self._tabs[tab_id], updated_at=now)

    def remove(self, tab_id: int) -> None:
        del self._tabs[tab_id]
