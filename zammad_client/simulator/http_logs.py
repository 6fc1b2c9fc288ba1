"""HTTP logs, "Recent Logs" on the integration pages (reference section 7)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from .answers import JsonAnswer, masked
from .clock import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from zammad_client.records import Json

    from .call import Call
    from .state import Simulator

_LONGEST_CONTENT = 10_000
_LONGEST_URL = 255
_KEPT = 10_000
_FIELDS = ("direction", "facility", "method", "url", "status", "ip", "request", "response")


@dataclass(frozen=True, slots=True, kw_only=True)
class CtiNote:
    """Zammad's own row for a request to the generic endpoint, URL with token included."""

    id: int
    method: str
    url: str
    ip: str
    body: bytes
    answer: str
    at: float

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "direction": "in",
            "facility": "cti",
            "method": self.method,
            "url": self.url,
            "status": "200",
            "ip": self.ip,
            "request": _side(self.body.decode(errors="replace"), "application/json", "simulator"),
            "response": {"code": "200", **_side(self.answer, None, None)},
            **_stamps(1, self.at),
        }


class HttpLogs:
    def __init__(self) -> None:
        self._posted: deque[Json] = deque(maxlen=_KEPT)
        self._cti: deque[CtiNote] = deque(maxlen=_KEPT)
        self._last_id = 0

    def posted(self) -> list[Json]:
        """What was written through the interface, newest first."""
        return list(reversed(self._posted))

    def of(self, facility: str, limit: int) -> list[Json]:
        if facility == "cti":
            return [note.as_json() for note in islice(reversed(self._cti), limit)]
        return [entry for entry in self.posted() if entry["facility"] == facility][:limit]

    def add(self, fields: Mapping[str, Json], *, by: int, now: float) -> Json:
        """Raises: Refusal for a content that does not fit its column."""
        for side in ("request", "response"):
            if len(str((fields.get(side) or {}).get("content") or "")) > _LONGEST_CONTENT:
                raise masked(422)
        self._last_id += 1
        entry = {name: fields.get(name) for name in _FIELDS}
        entry["url"] = str(entry["url"] or "")[:_LONGEST_URL]
        self._posted.append({"id": self._last_id, **entry, **_stamps(by, now)})
        return self._posted[-1]

    def note_cti(self, call: Call, answer: Json, now: float) -> None:
        self._last_id += 1
        note = CtiNote(
            id=self._last_id,
            method=call.method,
            url=call.url,
            ip=call.client,
            body=call.body,
            answer=str(answer),
            at=now,
        )
        self._cti.append(note)


def _side(content: str, content_type: str | None, source: str | None) -> Json:
    return {"content": content, "content_type": content_type, "content_encoding": None, "source": source}


def _stamps(by: int, now: float) -> Json:
    return {"updated_by_id": by, "created_by_id": by, "created_at": stamp(now), "updated_at": stamp(now)}


def create_http_log(sim: Simulator, call: Call) -> Response:
    requester = sim.requester(call)
    requester.require("admin.integration")
    return JsonAnswer(sim.http_log_rows.add(call.fields, by=requester.id, now=sim.now()), status_code=201)


def list_http_logs(sim: Simulator, call: Call) -> Response:
    sim.requester(call).require("admin.integration")
    limit = int(call.query.get("limit", "50"))
    return JsonAnswer(sim.http_log_rows.of(call.path_params["facility"], limit))


ENDPOINTS = (
    ("POST", "/api/v1/http_logs", create_http_log),
    ("GET", "/api/v1/http_logs/{facility}", list_http_logs),
)
