"""What a deed in the audit was about."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sidecar.words.marks import N_, Message, N_plural


class Concerned(StrEnum):
    """Codes of `sidecar.store.pages.audit.Deed.subject`."""

    SIPGATE_USER = "concerned.sipgate_user"
    DELIVERY = "concerned.delivery"
    DEAD_DELIVERIES = "concerned.dead_deliveries"
    CALL = "concerned.call"
    SESSION = "concerned.session"
    BOARD = "concerned.board"
    CUSTOMER = "concerned.customer"
    BLOCKED_CALLER = "concerned.blocked_caller"  # number of the call: a phone number would have to be erased
    MISSED_CALL = "concerned.missed_call"
    ASSIGNED_CALL = "concerned.assigned_call"


DEEDS: Mapping[str, Message] = {
    Concerned.SIPGATE_USER: "{sipgate_id} → {agent} ({agent_id})",
    Concerned.DELIVERY: N_("no. {number}"),
    Concerned.DEAD_DELIVERIES: N_plural("1 that was refused for good", "{count:count} that were refused for good"),
    Concerned.CALL: "{scenario:scenario}: {call}",
    Concerned.SESSION: "{name} ({user_id})",
    Concerned.BOARD: "{name}",
    Concerned.CUSTOMER: "{name} ({user_id})",
    Concerned.ASSIGNED_CALL: N_("no. {number}, to {owner} ({owner_id})"),
    Concerned.BLOCKED_CALLER: N_("the caller of call no. {number}"),
    Concerned.MISSED_CALL: N_("no. {number}, taken by {owner} ({owner_id}) before"),
}
