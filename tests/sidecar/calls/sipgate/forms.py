"""The forms in which sipgate would send events."""

from __future__ import annotations

from urllib.parse import urlencode

from sidecar.calls.sipgate.events import Answered, CallEvent, HungUp, NewCall


def body_of(event: CallEvent) -> bytes:
    """The form sipgate would send for an event."""
    fields: list[tuple[str, str]] = [("callId", event.call_id)]
    match event:
        case NewCall():
            fields += [("event", "newCall"), ("direction", event.direction)]
            fields += [("user[]", user) for user in event.users] + [("userId[]", user) for user in event.user_ids]
        case Answered():
            fields += [("event", "answer"), ("direction", event.direction)]
            fields += [("user", event.user or ""), ("userId", event.user_id or "")]
        case HungUp():
            fields += [("event", "hangup"), ("cause", event.cause or "")]
            fields += [("direction", event.direction)] if event.direction else []
        case _:
            return urlencode([("event", "dtmf"), *fields]).encode()
    fields += [("from", event.caller), ("to", event.callee)]
    fields += [("origCallId", event.orig_call_id or event.call_id), ("xcid", event.xcid or "")]
    return urlencode(fields).encode()
