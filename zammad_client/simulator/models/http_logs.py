"""HTTP logs, "Recent Logs" on the integration pages (docs/reference/zammad.md section 7)."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from .clock import stamp
from .refusals import masked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zammad_client.records import Json
    from zammad_client.simulator.versions import Version

_LONGEST_URL = 255
_RUN = re.compile(r"[A-Za-z0-9+/\r\n]{33,}={0,3}")
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
    def __init__(self, *, version: Version) -> None:
        self._version = version
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
        """Raises: Refusal for a facility that is unknown, or a content that does not fit its column."""
        self._check(fields)
        self._last_id += 1
        entry = {name: fields.get(name) for name in _FIELDS}
        entry["url"] = str(entry["url"] or "")[:_LONGEST_URL]
        if self._version.long_runs_cut:
            entry |= {side: _with_runs_cut(entry[side] or {}) for side in ("request", "response")}
        self._posted.append({"id": self._last_id, **entry, **_stamps(by, now)})
        return self._posted[-1]

    def _check(self, fields: Mapping[str, Json]) -> None:
        facilities, longest = self._version.log_facilities, self._version.longest_log
        if facilities is not None and fields.get("facility") not in facilities:
            raise masked(422)
        contents = [str((fields.get(side) or {}).get("content") or "") for side in ("request", "response")]
        if longest is not None and any(len(content) > longest for content in contents):
            raise masked(422)

    def note_cti(self, *, method: str, url: str, ip: str, body: bytes, answer: Json, now: float) -> None:
        self._last_id += 1
        self._cti.append(
            CtiNote(id=self._last_id, method=method, url=url, ip=ip, body=body, answer=str(answer), at=now)
        )


def _with_runs_cut(side: Mapping[str, Json]) -> Json:
    """What looks like encoded data is not kept."""
    return {
        name: _RUN.sub(lambda run: run[0][:29] + "...[TRUNCATED]", text) if isinstance(text, str) else text
        for name, text in side.items()
    }


def _side(content: str, content_type: str | None, source: str | None) -> Json:
    return {"content": content, "content_type": content_type, "content_encoding": None, "source": source}


def _stamps(by: int, now: float) -> Json:
    return {"updated_by_id": by, "created_by_id": by, "created_at": stamp(now), "updated_at": stamp(now)}
