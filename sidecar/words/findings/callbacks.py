"""Callback tickets: whether they can be made."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.codes.callbacks import Callbacks
from sidecar.words.findings.advice import Advice
from sidecar.words.marks import N_, N_plural

_NO_TICKETS = N_("Missed calls on its lines become no tickets.")

CALLBACKS: Mapping[str, Advice] = {
    Callbacks.UNREAD: Advice(
        what=N_("what they need cannot be read: {error}"),
        why=N_("As long as that is so no missed call becomes a ticket."),
        cure=N_("give the service user ticket.agent and access to the groups, in its role and in its token"),
    ),
    Callbacks.LINES: Advice(
        what=N_plural(
            "missed calls on {rows} line become tickets of {groups}",
            "missed calls on {rows} lines become tickets of {groups}",
            by="rows",
        )
    ),
    Callbacks.BARRED: Advice(
        what=N_("the service user may create no ticket in the group {group}"),
        why=_NO_TICKETS,
        cure=N_("give the service user's role the right to create in this group (Manage > Roles), or full access"),
    ),
    Callbacks.UNFILLED: Advice(
        what=N_("new tickets need a value in {fields}"),
        why=N_("Zammad refuses callback tickets."),
        cure=N_("name values in tickets.attributes, or make the fields optional for the service user's role"),
    ),
    Callbacks.NOBODY_COLLECTS: Advice(
        what=N_("there is no active customer {login}"),
        why=N_("Missed calls of callers nobody is known for become no tickets."),
        cure=N_(
            "run `sipgate-sidecar install`, activate this user in Zammad, or name another one in "
            "tickets.unknown_customer"
        ),
    ),
    Callbacks.TIE: Advice(
        what=N_("“{row}” stands in several groups: {groups}"),
        why=N_("The first of them gets the tickets."),
        cure=N_("take it out of the others (Manage > Groups)"),
    ),
    Callbacks.UNCLEAR: Advice(
        what=N_("“{row}” of the group {group} is left out: {problem}"),
        why=_NO_TICKETS,
        cure=N_("write a line in any spelling, with * or ? (Manage > Groups)"),
    ),
    Callbacks.REFUSED: Advice(
        what=N_plural(
            "Zammad has refused {count} callback ticket: {error}",
            "Zammad has refused {count} callback tickets, at last: {error}",
        ),
        why=N_("Each is tried again daily, and with the caller's next missed call."),
        cure=N_(
            "give the service user the right to create in the group, what is mandatory a value in tickets.attributes, "
            "or close the missed calls by hand"
        ),
    ),
}
