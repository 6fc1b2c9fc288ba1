"""Rows of the journal as the hook path writes them."""

from __future__ import annotations

from urllib.parse import parse_qs

from bench.rig.hooks import FORM
from sidecar.store.journal.rows import HookRow

ANSWER = '<Response onAnswer="https://zammad.example.com/api/v1/sipgate/…/in" onHangup="https://zammad.example.com/api/v1/sipgate/…/in"/>'


def row_of(body: bytes, *, received_at: float) -> HookRow:
    fields = parse_qs(body.decode())
    return HookRow(
        received_at=received_at,
        path="in",
        content_type=FORM,
        body=body,
        source="192.0.2.1",
        signature="valid",
        event=fields["event"][0],
        call_id=fields["callId"][0],
        direction="in",
        caller=fields["from"][0],
        callee=fields["to"][0],
        status="ok",
        decision="nothing to change",
        rejected=False,
        answer=ANSWER,
    )
