"""What a row of "Recent Logs" holds of a hook."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sidecar.delivery.recent_logs import entry_for
from tests.sidecar.store.journal.hook_rows import NEW_CALL

CUT = re.compile(r"[A-Za-z0-9+/\r\n]{33,}")  # what Zammad 7 makes "...[TRUNCATED]" of


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"event=newCall&callId=123456", "event=newCall&callId=123456"),
        (b"callId=" + b"1" * 32, "callId=" + "1" * 32),
        (b"callId=" + b"1" * 40 + b"&from=49", "callId=" + "1" * 24 + " " + "1" * 16 + "&from=49"),
    ],
)
def test_long_ids_stay_whole(body: bytes, shown: str) -> None:
    entry = entry_for(replace(NEW_CALL, body=body), "https://x/in")
    content = entry["request"]["content"]  # type: ignore[index]  # the body of a request
    assert content == shown
    assert not CUT.search(content)
