"""How the simulated sipgate answers: the forms that docs/reference/sipgate_rest.md section 1 knows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sipgate_client.failures import CLASSIC_ALONE
from sipgate_client.records import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`part` is what stood in the path where the endpoint has a group."""

    query: Mapping[str, list[str]]
    body: Mapping[str, Json]
    part: str

    def first(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]


def told(value: Json, status: int = 200) -> Reply:
    return Reply(status=status, body=json.dumps(value).encode())


def listed(items: list[Json]) -> Reply:
    return told({"items": items})


def refused(status: int, name: str, message: str) -> Reply:
    return told({"name": name, "message": message}, status)


def unparsable(detail: str, pointer: str) -> Reply:
    error = {"status": 400, "title": "Bad Request", "detail": detail, "source": {"pointer": pointer}}
    return told({"errors": [error]}, 400)


def for_classic_alone() -> Reply:
    return Reply(status=403, body=f"This endpoint {CLASSIC_ALONE}".encode(), media_type="text/plain")


def missing() -> Reply:
    return refused(404, "RESOURCE_NOT_FOUND", "no such thing")


NO_CONTENT = Reply(status=204, media_type="")
