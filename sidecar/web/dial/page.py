"""Click to call: asks first, dials once, and says what became of it. Works without a script."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.calls.reasons import Reason
from sidecar.calls.rules.agents import AgentMap
from sidecar.calls.sipgate.dialling import LONGEST, number_to_dial
from sidecar.sipgate.dialler import dial, phones_of
from sidecar.sipgate.people import People, Phone
from sidecar.store.pages.dialled import Dialled, DialState, find_dialled, last_phone
from sidecar.web.access.visitor import Visitor
from sidecar.web.inputs import read_form, whole_number
from sidecar.web.menu import read_menu
from sidecar.web.parts import Parts
from sidecar.words.marks import N_

NOT_YOUR_PHONE = N_("This is none of your telephones. Please choose one of them.")
NO_ENTRY = N_("There is no such entry any more.")
PATIENCE = 20.0  # seconds after which nobody will write down sipgate's answer any more
LONGEST_KEY = 64  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the address or the form says. `number`: as written."""

    number: str
    ticket_id: int | None
    missed_id: int | None

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> Wish:
        return cls(
            number=fields.get("number", "").strip()[: LONGEST + 1],  # what is cut off may not make it another number
            ticket_id=whole_number(fields.get("ticket", "")),
            missed_id=whole_number(fields.get("missed", "")),
        )


async def ask(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """Nothing is dialled by opening a page."""
    return await _page(request, visitor, parts, Wish.read(request.query_params))


async def call(request: Request, visitor: Visitor, parts: Parts) -> Response:
    form = await read_form(request)
    wish, key = Wish.read(form), form.get("key", "")[:LONGEST_KEY]
    sipgate, people = parts.workings.sipgate.sipgate, await parts.workings.sipgate.people()
    digits = number_to_dial(wish.number, parts.options.country)
    if sipgate is None or people is None or not key or isinstance(digits, Reason):
        return await _page(request, visitor, parts, wish, status=400)
    phone = next((each for each in _phones(people, visitor, parts) if each.id == form.get("phone")), None)
    if phone is None:
        return await _page(request, visitor, parts, wish, problem=NOT_YOUR_PHONE, status=400)
    wanted = Dialled(
        key=key,
        user_id=visitor.user_id,
        phone=phone.id,
        number=digits,
        begun_at=parts.clock(),
        ticket_id=wish.ticket_id,
        missed_id=wish.missed_id,
    )
    await dial(sipgate, parts.database, wanted, kind=people.kind)
    return RedirectResponse(f"{parts.options.root_path}/dial/{key}", 303)


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """What became of it: may be loaded as often as wanted."""
    key = str(request.path_params["key"])
    dialled = await parts.database.read(lambda connection: find_dialled(connection, key, visitor.user_id))
    if dialled is None:
        return parts.rendering.refusal(request, NO_ENTRY)
    people = await parts.workings.sipgate.people()
    phone = next((each for each in _phones(people, visitor, parts) if each.id == dialled.phone), None)
    lost = dialled.state is DialState.BEGUN and parts.clock() - dialled.begun_at > PATIENCE
    values = {"dialled": dialled, "phone": phone, "state": DialState.UNKNOWN if lost else dialled.state}
    menu = await read_menu(visitor, parts)
    return parts.rendering.page(request, visitor, "dial/dialled.html", {**values, **menu})


async def _page(
    request: Request, visitor: Visitor, parts: Parts, wish: Wish, *, problem: str | None = None, status: int = 200
) -> Response:
    read = number_to_dial(wish.number, parts.options.country)
    people = await parts.workings.sipgate.people()
    values = {
        "wish": wish,
        "digits": None if isinstance(read, Reason) else read,
        "why_not": read if isinstance(read, Reason) else None,
        "by_sipgate": parts.workings.sipgate.sipgate is not None,
        "phones": _phones(people, visitor, parts),
        "chosen": await parts.database.read(lambda connection: last_phone(connection, visitor.user_id)),
        "key": secrets.token_urlsafe(24),
        "problem": problem,
    }
    menu = await read_menu(visitor, parts)
    return parts.rendering.page(request, visitor, "dial/page.html", {**values, **menu}, status=status)


def _phones(people: People | None, visitor: Visitor, parts: Parts) -> list[Phone]:
    rules = parts.workings.rules.rules
    return phones_of(people, rules.agents if rules else AgentMap(), visitor.user_id) if people else []
