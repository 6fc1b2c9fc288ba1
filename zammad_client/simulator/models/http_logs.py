"""HTTP logs, "Recent Logs" on the integration pages (docs/reference/zammad.md section 7)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from .clock import stamp
from .refusals import masked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zammad_client.records import Json

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

    def note_cti(self, *, method: str, url: str, ip: str, body: bytes, answer: Json, now: float) -> None:
        self._last_id += 1
        self._cti.append(
            CtiNote(id=self._last_id, method=method, url=url, ip=ip, body=body, answer=str(answer), at=now)
        )


def _side(content: str, content_type: str | None, source: str | None) -> Json:
    return {"content": content, "content_type": content_type, "content_encoding": None, "source": source}


def _stamps(by: int, now: float) -> Json:
    return {"updated_by_id": by, "created_by_id": by, "created_at": stamp(now), "updated_at": stamp(now)}
