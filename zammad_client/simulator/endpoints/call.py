"""One request as the endpoints see it: parameters from path, query and body in one place, as Rails does it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from zammad_client.records import Json
from zammad_client.simulator.models.refusals import NotSimulatedError, masked

if TYPE_CHECKING:
    from starlette.requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    method: str
    path: str
    path_params: Mapping[str, str]
    query: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]  # parameters written as `name[]`
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes
    fields: Mapping[str, Json]  # of the body
    url: str
    client: str

    @property
    def expand(self) -> bool:
        return self.query.get("expand", "") not in {"", "false"}

    @property
    def wants_html(self) -> bool:
        return self.headers.get("accept", "").startswith("text/html")

    @property
    def record_id(self) -> int:
        return id_in(self.path_params["id"])

    def page(self, *, default: int, largest: int) -> slice:
        per_page = min(_number(self.query.get("per_page", self.query.get("limit")), default), largest)
        start = (max(_number(self.query.get("page"), 1), 1) - 1) * per_page
        return slice(start, start + per_page)

    def refuse_parameters(self, *names: str) -> None:
        """Raises: NotSimulatedError for a parameter that would change the shape of the answer."""
        for name in names:
            if name in self.query or name in self.lists:
                raise NotSimulatedError(f"parameter {name}")


def id_in(value: Json) -> int:
    """0, which nobody has, where it is no id."""
    text = str(value)
    return int(text) if text.isdecimal() else 0


async def read_call(request: Request, *, broken_refused: bool) -> Call:
    """Raises: Refusal for a broken body, where that is not read as an empty one."""
    body = await request.body()
    fields = _fields(body, request.headers.get("content-type", ""))
    if fields is None and broken_refused:
        raise masked(500)
    pairs = list(request.query_params.multi_items())
    return Call(
        method=request.method,
        path=request.url.path,
        path_params={name: str(value) for name, value in request.path_params.items()},
        query={name: value for name, value in pairs if not name.endswith("[]")},
        lists=_lists(pairs),
        headers=request.headers,
        cookies=request.cookies,
        body=body,
        fields=fields or {},
        url=str(request.url),
        client=request.client.host if request.client else "",
    )


def _lists(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if name.endswith("[]"):
            found[name[:-2]] = (*found.get(name[:-2], ()), value)
    return found


def _fields(body: bytes, content_type: str) -> Mapping[str, Json] | None:
    """None where it is broken."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        return _form(body)
    try:
        value = json.loads(body) if body else {}
    except ValueError:
        return None
    return value if isinstance(value, dict) else {}


def _form(body: bytes) -> Mapping[str, Json]:
    fields: dict[str, Json] = {}
    for name, value in parse_qsl(body.decode(errors="replace"), keep_blank_values=True):
        if name.endswith("[]"):
            fields.setdefault(name[:-2], []).append(value)
        else:
            fields[name] = value
    return fields


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default
