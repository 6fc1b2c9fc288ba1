"""A hook of the journal fed in once more, for what the follow-up could not make of it the first time."""

from __future__ import annotations

from dataclasses import replace

from sidecar.calls.decide import Decided, Decision
from sidecar.calls.reasons import because
from sidecar.calls.sipgate.answer import Acknowledge
from sidecar.calls.sipgate.events import Direction, Unreadable, read_hook
from sidecar.hooks.http import HIDDEN_TOKEN, HookAddress
from sidecar.hooks.judgement import Hook, Judgement, hook_row
from sidecar.store.journal.rows import HookRow, HookStatus, StoredHook


def replayed(hook: StoredHook) -> HookRow | Unreadable:
    """A new row with the time and the decision of the old one; nobody is answered. One that is there twice is harmless.

    Read anew: what an earlier version could not understand this one may.
    """
    path = HookAddress(token=HIDDEN_TOKEN, direction=Direction(hook.path))
    event = read_hook(hook.body, content_type=hook.content_type, path_direction=path.direction)
    if isinstance(event, Unreadable):
        return event
    again = Hook(
        received_at=hook.received_at,
        path=path,
        content_type=hook.content_type,
        body=hook.body,
        source=f"replay of hook {hook.id}",
        signature=hook.signature,
    )
    reason = because(Decided.REPLAYED) if hook.status == HookStatus.UNREADABLE else hook.reason
    decision = Decision(answer=Acknowledge(), reason=reason)
    return replace(hook_row(again, Judgement(event=event, decision=decision), b""), rejected=hook.rejected)
