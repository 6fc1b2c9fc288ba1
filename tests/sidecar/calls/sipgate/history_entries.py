"""A call, a missed one and a message as sipgate's history has them, and a call that hooks have told of."""

from __future__ import annotations

from dataclasses import replace

from sidecar.calls.sipgate.history import Entry, KnownCall

T0 = 1_800_000_000.0
LATER = T0 + 10_000.0
CALL = Entry(
    id="9000000001",
    call_id="A1B2",
    voicemail=False,
    incoming=True,
    caller="491713920010",
    callee="493023125000",
    started_at=T0,
    talk=192.0,
    outcome="SUCCESS",
    user="Nina Braun",
    user_id="w0",
    full_user_id="1234567w0",
)
MISSED = replace(CALL, outcome="MISSED", talk=0.0, user="", user_id="", full_user_id="")
MESSAGE = replace(MISSED, id="9000000002", call_id="", voicemail=True, started_at=T0 + 20.0, talk=18.0, outcome="")
KNOWN = KnownCall(
    id=1,
    call_ids=frozenset({"other"}),
    root="other",
    incoming=True,
    caller="+49 171 3920010",
    callee="493023125000",
    started_at=T0 + 2.0,
    answered_at=None,
    is_over=False,
)
