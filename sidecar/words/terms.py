"""Words for what is stored and compared as a code alone: kinds of states, parts and deeds, each with its values."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.calls.conversation.conversation import State
from sidecar.calls.conversation.parcels import ParcelKind, ParcelState
from sidecar.calls.identification import Certainty
from sidecar.calls.pages.presence import Doing
from sidecar.calls.sipgate.events import Direction
from sidecar.words.marks import N_

TERMS: Mapping[str, Mapping[str, str]] = {
    "state": {
        State.RINGING: N_("Ringing"),
        State.ANSWERED: N_("Talking"),
        State.MACHINE: N_("Queue or machine"),
        State.MISSED: N_("Missed"),
        State.SHORT_RING: N_("Short ring"),
        State.NOT_REACHED: N_("Not reached"),
        State.BLOCKED: N_("Blocked"),
        State.ENDED: N_("Answered"),
        State.UNKNOWN: N_("Unknown end"),
    },
    "certainty": {
        Certainty.CERTAIN: N_("certain"),
        Certainty.SEVERAL: N_("several"),
        Certainty.ORGANIZATION: N_("organization"),
        Certainty.PERHAPS: N_("perhaps"),
        Certainty.INTERNAL: N_("internal"),
        Certainty.UNKNOWN: N_("unknown"),
    },
    "holder": {"user": N_("user"), "organization": N_("organization")},
    "direction": {Direction.IN: N_("Incoming"), Direction.OUT: N_("Outgoing")},
    "cause": {  # of a hangup, in sipgate's words
        "normalClearing": N_("Ended"),
        "busy": N_("Busy"),
        "cancel": N_("The caller gave up"),
        "noAnswer": N_("Not picked up"),
        "congestion": N_("Could not be reached"),
        "notFound": N_("Number unknown or offline"),
        "forwarded": N_("Forwarded"),
    },
    "event": {  # of a hook, in sipgate's words
        "newCall": N_("New call"),
        "answer": N_("Answered"),
        "hangup": N_("Hung up"),
        "dtmf": N_("Keys pressed"),
    },
    "level": {"ok": N_("ok"), "warning": N_("warning"), "problem": N_("problem")},
    "theme": {"auto": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")},
    "view": {  # of Zammad
        "auto": N_("As chosen in Zammad"),
        "classic": N_("Classic view"),
        "desktop": N_("Desktop view"),
    },
    "doing": {  # what an agent does now
        Doing.TALKING: N_("talking"),
        Doing.DIALLING: N_("dialling"),
        Doing.RINGING: N_("ringing"),
        Doing.OFF: N_("switch off"),
        Doing.FREE: N_("free"),
    },
    "days": {
        "today": N_("Today"),
        "yesterday": N_("Yesterday"),
        "this week": N_("This week"),
        "last week": N_("Last week"),
        "week": N_("7 days"),
        "month": N_("31 days"),
        "last month": N_("Last month"),
    },
    "section": {  # of the admin pages
        "health": N_("Health"),
        "hooks": N_("Hooks"),
        "sync": N_("Sync"),
        "agents": N_("Agent map"),
        "deliveries": N_("Deliveries"),
        "simulate": N_("Test call"),
        "sessions": N_("Sessions"),
        "audit": N_("Audit"),
    },
    "part": {  # what is ready or not, and what is read from Zammad
        "database": N_("Database"),
        "rules": N_("Rules"),
        "jobs": N_("Periodical jobs"),
        "agents": N_("Agents"),
        "settings": N_("Settings"),
        "blocked": N_("Blocked numbers"),
        "hook tokens": N_("Hook tokens"),
        "web rights": N_("Rights on these pages"),
        "change feed of users": N_("Changed people"),
        "change feed of organizations": N_("Changed organizations"),
        "full pass": N_("Everybody"),
    },
    "detail": {  # of /readyz
        "journal_waiting": N_("Hooks on their way to the database"),
        "journal_over_budget": N_("Hooks written late"),
        "journal_dropped": N_("Hooks dropped"),
        "outbox_pending": N_("Deliveries waiting"),
        "outbox_dead": N_("Deliveries refused for good"),
        "outbox_oldest_seconds": N_("Oldest delivery (s)"),
        "last_hook_seconds": N_("Since the last hook (s)"),
        "unreadable_hooks": N_("Unreadable hooks"),
    },
    "job": {  # of sidecar.jobs
        "settings": N_("settings"),
        "changes": N_("changes"),
        "full passes": N_("full passes"),
        "repairs": N_("repairs"),
        "rights": N_("rights"),
        "rights of others": N_("rights of others"),
        "missed rows": N_("missed rows"),
        "retention": N_("retention"),
        "succession": N_("succession"),
        "gauges": N_("gauges"),
        "sipgate people": N_("sipgate's users"),
    },
    "delivery": {  # what a message to Zammad is for
        ParcelKind.OPEN_ROW: N_("open the row"),
        ParcelKind.SHOW_ANSWER: N_("show who answered"),
        ParcelKind.CLOSE_ROW: N_("close the row"),
    },
    "delivery state": {
        ParcelState.PENDING: N_("to be delivered"),
        ParcelState.DONE: N_("delivered"),
        ParcelState.DEAD: N_("refused for good"),
        ParcelState.DISCARDED: N_("given up"),
    },
    "signature": {
        "valid": N_("valid"),
        "invalid": N_("invalid"),
        "missing": N_("missing"),
        "off": N_("not checked"),
    },
    "hook status": {"ok": N_("read"), "unreadable": N_("unreadable")},
    "read by full pass": {"users": N_("users"), "organizations": N_("organizations")},
    "scenario": {  # of a test call
        "simple": N_("answered by the agent"),
        "missed": N_("nobody answers"),
        "group": N_("two phones ring, the second agent answers"),
        "voicemail": N_("goes on to the voicemail"),
        "transfer": N_("handed over to the second agent"),
        "blocked": N_("from a number of the block list"),
        "anonymous": N_("from a withheld number"),
        "outbound": N_("the agent calls somebody"),
    },
    "signed in by": {"zammad": N_("Zammad's session"), "oauth": "OAuth2"},
    "deed": {  # in the audit
        "agent_assigned": N_("Agent assigned"),
        "delivery_retried": N_("Delivery tried again"),
        "delivery_discarded": N_("Delivery given up"),
        "call_simulated": N_("Test call"),
        "session_ended": N_("Session ended"),
        "missed_taken_over": N_("Missed call taken over"),
    },
}
