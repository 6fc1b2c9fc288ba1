"""The tabs of an agent's desktop view (docs/reference/zammad.md section 10.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zammad_client.reading import list_of, tab_from
from zammad_client.records import Json, Tab
from zammad_client.session import Session


@dataclass(frozen=True, slots=True)
class Taskbar:
    """Everything here is done in the name of an agent."""

    _session: Session

    async def tabs(self, agent_id: int) -> list[Tab]:
        return await self._session.read(
            lambda api: api.session.get("taskbar").json(),
            list_of(tab_from),
            headers=self._session.headers_for(str(agent_id)),
        )

    async def add(self, agent_id: int, tab: Mapping[str, Json]) -> Tab:
        """Raises: ZammadRefusedError, 422 "Key has already been taken", where it is there already."""
        return await self._session.write(
            lambda api: api.session.post("taskbar", json=dict(tab)).json(),
            tab_from,
            headers=self._session.headers_for(str(agent_id)),
        )

    async def remove(self, agent_id: int, tab_id: int) -> None:
        await self._session.write(
            lambda api: api.session.delete(f"taskbar/{tab_id}").status_code,
            lambda _status: None,
            headers=self._session.headers_for(str(agent_id)),
        )
