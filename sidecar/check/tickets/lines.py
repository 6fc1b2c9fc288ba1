"""Callback tickets without making one: lines, rights in each group, mandatory fields, who collects unknown callers."""

from __future__ import annotations

import time
from collections.abc import Iterator

from sidecar.calls.reasons import Reason, because
from sidecar.check.finding import Finding, ok, problem, warning
from sidecar.codes.callbacks import Callbacks
from sidecar.codes.findings import Topic
from sidecar.config.sections import Tickets
from sidecar.faults import reason_of
from sidecar.store.missed.callbacks.shown import Refusals
from sidecar.tickets.helpdesk import UNKNOWN_CUSTOMER, Helpdesk, HelpdeskReader
from zammad_client import Zammad
from zammad_client.errors import ZammadError


async def callback_findings(zammad: Zammad, tickets: Tickets, country: str) -> list[Finding]:
    reader = HelpdeskReader(zammad=zammad, tickets=tickets, country=country, clock=time.time)
    try:
        helpdesk = await reader.read()
    except ZammadError as error:
        return [warning(Topic.CALLBACKS, because(Callbacks.UNREAD, error=reason_of(error)))]
    return list(_findings(helpdesk, tickets))


def refusal_findings(refusals: Refusals) -> Iterator[Finding]:
    if refusals.count and refusals.newest:
        yield problem(Topic.CALLBACKS, because(Callbacks.REFUSED, count=refusals.count, error=refusals.newest))


def _findings(helpdesk: Helpdesk, tickets: Tickets) -> Iterator[Finding]:
    """None where no group has lines: nobody has asked for tickets."""
    lines = helpdesk.lines
    yield from (problem(Topic.CALLBACKS, because(Callbacks.BARRED, group=name)) for name in helpdesk.barred)
    for row in lines.unclear:
        yield _warning(because(Callbacks.UNCLEAR, group=row.group, row=row.written, problem=row.why))
    if not lines:
        return
    if helpdesk.unfilled:
        yield problem(Topic.CALLBACKS, because(Callbacks.UNFILLED, fields=sorted(helpdesk.unfilled)))
    if helpdesk.unknown_customer is None:
        login = tickets.unknown_customer or UNKNOWN_CUSTOMER
        yield problem(Topic.CALLBACKS, because(Callbacks.NOBODY_COLLECTS, login=login))
    yield from (_warning(because(Callbacks.TIE, row=tie.written, groups=tie.groups)) for tie in lines.ties)
    groups = [group.name for group in lines.groups]
    yield ok(Topic.CALLBACKS, because(Callbacks.LINES, groups=groups, rows=len(lines.rows)))


def _warning(reason: Reason) -> Finding:
    return warning(Topic.CALLBACKS, reason)
