"""Rows for "Recent Logs" on Zammad's sipgate.io page: best effort, never in the way of anything."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from textwrap import wrap
from typing import Literal

import anyio

from sidecar.store.journal.rows import HookRow
from sidecar.wake_up import WakeUp
from zammad_client import Zammad
from zammad_client.errors import ZammadError

WAITING = 200  # rows; older ones give way
LONG_RUN = re.compile(r"[A-Za-z0-9+/]{33,}")  # what Zammad 7 takes for encoded data, and cuts
LONGEST_PART = 24
MOST_CHARACTERS = 8000  # of a body (docs/reference/zammad.md section 7)
AFTER_FAILURE = 10.0  # seconds

LoggedHooks = Literal["all", "newcall", "off"]


class RecentLogs:
    """Takes hooks as they are answered and writes them to Zammad one at a time."""

    def __init__(
        self, *, zammad: Zammad, level: LoggedHooks, hook_url: Callable[[str], str], on_dropped: Callable[[], None]
    ) -> None:
        self._zammad = zammad
        self._level = level
        self._hook_url = hook_url  # path ("in", "out") -> URL without the token
        self._on_dropped = on_dropped
        self._rows: deque[HookRow] = deque(maxlen=WAITING)
        self._wake_up = WakeUp()

    def offer(self, row: HookRow) -> None:
        if self._level == "off" or (self._level == "newcall" and row.event != "newCall"):
            return
        if len(self._rows) == WAITING:
            self._on_dropped()
        self._rows.append(row)
        self._wake_up.wake()

    async def run(self) -> None:
        while True:
            await self._wake_up.wait()
            while self._rows:
                await self._write(self._rows.popleft())

    async def _write(self, row: HookRow) -> None:
        try:
            await self._zammad.write_http_log(entry_for(row, self._hook_url(row.path)))
        except ZammadError:
            self._on_dropped()
            await anyio.sleep(AFTER_FAILURE)


def entry_for(row: HookRow, url: str) -> dict[str, object]:
    """The body of `POST /api/v1/http_logs` for a hook: payload and answer, cut to what Zammad takes."""
    return {
        "direction": "in",
        "facility": "sipgate.io",
        "method": "POST",
        "url": url[:255],
        "status": "200",
        "ip": row.source,
        "request": {
            "content": _in_parts(row.body.decode("utf-8", "replace").replace("\0", "�"))[:MOST_CHARACTERS],
            "content_type": row.content_type or "",
            "content_encoding": None,
            "source": "sipgate",
        },
        "response": {
            "code": "200",
            "content": _in_parts(row.answer)[:MOST_CHARACTERS],
            "content_type": "application/xml",
            "content_encoding": None,
            "source": None,
        },
    }


def _in_parts(text: str) -> str:
    """With a blank now and then in what is long without any, ids for example."""
    return LONG_RUN.sub(lambda run: " ".join(wrap(run[0], LONGEST_PART)), text)
