"""A call note: the form with what Zammad offers this agent, and what came of it. Works as a plain form, too."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from secrets import token_urlsafe
from zoneinfo import ZoneInfo

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.reasons import Reason
from sidecar.faults import reason_of
from sidecar.store.calls.listed import call_shown_to
from sidecar.store.notes.notes import Afterwards, Draft, Note, notes_of
from sidecar.store.pages.dialled import dialled_call
from sidecar.store.people.agents import names_of_agents
from sidecar.web.access.visitor import Visitor
from sidecar.web.inputs import id_in_path, is_for_htmx, read_form, whole_number
from sidecar.web.menu import read_menu
from sidecar.web.notes.offers import Offers, offers_for
from sidecar.web.parts import Parts
from sidecar.words.marks import N_
from zammad_client.errors import ZammadError

PATIENCE = 6.0  # seconds for what Zammad offers
LONGEST_TEXT = 10_000  # characters
MOST_MINUTES = 24 * 60.0
REMINDED_AT = time(8)  # of the day, in the agent's zone
NO_CALL = N_("There is no such call.")
NO_TEXT = N_("Nothing was written: there is no text.")
NO_SUCH_TICKET = N_("Nothing was written: there is no ticket with this number that you may see.")
NO_CUSTOMER = N_("Nothing was written: a new ticket needs a customer, and nobody is known for this call.")
NO_MINUTES = N_("Nothing was written: the minutes are no number from 0 to 1440.")
TOO_LONG = N_("Nothing was written: the text is longer than 10,000 characters.")
NO_DAY = N_("Nothing was written: the day of the reminder is missing, or gone by.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stood in the form, so that it is not lost, and what is said beside it."""

    fields: Mapping[str, str]
    message: str = ""
    refused: Reason | None = None


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """What was written about a call, and the way to the form. Asks nothing of Zammad."""
    call = await _call(request, visitor, parts)
    if call is None:
        return parts.rendering.refusal(request, NO_CALL)
    notes = await parts.database.read(lambda connection: notes_of(connection, call.id))
    return await _answer(request, visitor, parts, "notes/room.html", {"call": call, "notes": notes})


async def form(request: Request, visitor: Visitor, parts: Parts) -> Response:
    call = await _call(request, visitor, parts)
    if call is None:
        return parts.rendering.refusal(request, NO_CALL)
    return await _form(request, visitor, parts, call, Typed(fields={"minutes": _minutes_of(call)}))


async def write(request: Request, visitor: Visitor, parts: Parts) -> Response:
    call = await _call(request, visitor, parts)
    if call is None or parts.notes is None:
        return parts.rendering.refusal(request, NO_CALL)
    fields = await read_form(request)
    read = await _draft(fields, call, visitor, parts)
    if isinstance(read, str):
        return await _form(request, visitor, parts, call, Typed(fields=fields, message=read))
    written = await parts.notes.write(read)
    if not isinstance(written, Note):
        again = {**fields, "key": ""}  # nothing stands anywhere under the old one
        return await _form(request, visitor, parts, call, Typed(fields=again, refused=reason_of(written)))
    parts.live.wake()
    if not is_for_htmx(request):
        return RedirectResponse(f"{parts.options.root_path}/calls/{call.id}/notes", 303)
    notes = await parts.database.read(lambda connection: notes_of(connection, call.id))
    return parts.rendering.fragment(visitor, "notes/room.html", {"call": call, "notes": notes, "written": written.key})


async def _form(request: Request, visitor: Visitor, parts: Parts, call: ListedCall, typed: Typed) -> Response:
    click = await parts.database.read(lambda connection: dialled_call(connection, call.id))
    try:
        with anyio.fail_after(PATIENCE):
            first = click.ticket_id if click else None
            offers: Offers | None = await offers_for(parts.zammad, call, visitor.user_id, ticket_id=first)
    except (ZammadError, TimeoutError):
        offers = None  # a number can be typed all the same
    agents = await parts.database.read(names_of_agents)
    values = {
        "call": call, "offers": offers, "agents": agents, "fields": typed.fields, "told": typed,
        "key": typed.fields.get("key") or token_urlsafe(18),
    }  # fmt: skip
    refused = typed.message or typed.refused
    return await _answer(request, visitor, parts, "notes/form.html", values, status=409 if refused else 200)


async def _answer(
    request: Request, visitor: Visitor, parts: Parts, name: str, values: Mapping[str, object], *, status: int = 200
) -> Response:
    if is_for_htmx(request):
        return parts.rendering.fragment(visitor, name, values, status=status)
    menu = await read_menu(visitor, parts)
    return parts.rendering.page(request, visitor, "notes/page.html", {**values, **menu, "inner": name}, status=status)


async def _call(request: Request, visitor: Visitor, parts: Parts) -> ListedCall | None:
    """Whoever may see the call may write about it."""
    number = id_in_path(request)
    call = await parts.database.read(lambda connection: call_shown_to(connection, number, visitor.viewer))
    return call if parts.notes is not None else None


def _minutes_of(call: ListedCall) -> str:
    """The talk, rounded up."""
    return str(math.ceil(call.talking / 60)) if call.talking else ""


async def _draft(fields: Mapping[str, str], call: ListedCall, visitor: Visitor, parts: Parts) -> Draft | str:
    """What is to be written; or, as a message, why it cannot be."""
    text = fields.get("note", "").replace("\r\n", "\n").strip()
    minutes = _minutes(fields.get("minutes", ""))
    if not text:
        return NO_TEXT
    if len(text) > LONGEST_TEXT:
        return TOO_LONG
    if minutes is None:
        return NO_MINUTES
    draft = Draft(
        key=fields.get("key", "")[:64] or token_urlsafe(18),
        conversation_id=call.id,
        author_id=visitor.user_id,
        author=visitor.name,
        text=text,
        minutes=minutes,
        visible=fields.get("visible") == "yes",
        afterwards=_afterwards(fields.get("then", "")),
        owner_id=whole_number(fields.get("owner", "")),
        outcome=fields.get("outcome", "")[:200] or None,
    )
    if draft.afterwards is Afterwards.REMIND:
        remind_at = _instant(fields.get("remind_on", ""), visitor.words.zone)
        if remind_at is None or remind_at < parts.clock():
            return NO_DAY
        draft = replace(draft, remind_at=remind_at)
    return await _with_ticket(draft, fields, call, visitor, parts)


async def _with_ticket(
    draft: Draft, fields: Mapping[str, str], call: ListedCall, visitor: Visitor, parts: Parts
) -> Draft | str:
    number = _ticket_number(fields.get("number", ""))
    chosen = number or fields.get("ticket", "")
    if chosen == "new":
        if call.customer is None:
            return NO_CUSTOMER
        title = fields.get("title", "").strip()[:200] or draft.text.splitlines()[0][:80]
        group_id = whole_number(fields.get("group", "")) or 0
        return replace(draft, group_id=group_id, title=title, customer_id=call.customer)
    if not chosen:
        return draft
    if not number:
        return replace(draft, ticket_id=whole_number(chosen))
    try:
        found = await parts.zammad.tickets.matching(chosen, on_behalf_of=str(visitor.user_id))
    except ZammadError:
        return NO_SUCH_TICKET
    ticket = next((each for each in found if each.number == chosen), None)
    return NO_SUCH_TICKET if ticket is None else replace(draft, ticket_id=ticket.id)


def _afterwards(written: str) -> Afterwards:
    return Afterwards(written) if written in list(Afterwards) else Afterwards.LEAVE


def _ticket_number(written: str) -> str:
    """Also as it stands in subjects of mails: [Ticket#33001]."""
    return written.rpartition("#")[2].strip(" []\t")


def _minutes(written: str) -> float | None:
    """With a point or a comma; 0 where there are none, None where it is no such number."""
    try:
        minutes = float(written.strip().replace(",", ".") or "0")
    except ValueError:
        return None
    return minutes if 0 <= minutes <= MOST_MINUTES else None


def _instant(day: str, zone: str) -> float | None:
    try:
        return datetime.combine(datetime.fromisoformat(day).date(), REMINDED_AT, ZoneInfo(zone)).timestamp()
    except ValueError:
        return None
