"""Lists as the service user asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

FEED = {"query": "*", "sort_by": "updated_at", "order_by": "desc"}


async def ids_of(client: httpx.AsyncClient, path: str, **params: Any) -> list[int]:
    answer = await client.get(f"/api/v1/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return [record["id"] for record in answer.json()]
