"""Whose number is it? An agent gives the number of a call to a customer, or makes one; undone as easily."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.identification import Certainty
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.reasons import Reason, because
from sidecar.faults import reason_of
from sidecar.store.calls.listed import call_shown_to, listed_calls
from sidecar.store.database import Connection
from sidecar.store.pages.audit import Deed, note_deed
from sidecar.store.people.choosing import Choice, customers_named, organization_called
from sidecar.store.people.people import people_with_numbers
from sidecar.tickets.customers import Customers, NewCustomer
from sidecar.web.access.visitor import Visitor
from sidecar.web.inputs import id_in_path, is_for_htmx, read_form, whole_number
from sidecar.web.menu import read_menu
from sidecar.web.parts import Parts
from sidecar.words.deeds import Concerned
from sidecar.words.marks import N_
from zammad_client.errors import ZammadError
from zammad_client.records import User

NO_CALL = N_("There is no such call.")
SOMEBODY_ELSE = N_("Somebody else is giving a number to a customer just now. Please try again.")
NO_NAME = N_("A new customer needs a last name.")
NO_ORGANIZATION = N_("There is no organization of this name in Zammad.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The number is somebody else's as well."""

    names: tuple[str, ...]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    message: str = ""
    refused: Reason | None = None
    question: Question | None = None
    taken_from: User | None = None  # who stays in Zammad, also if they were made for this number


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """The search, or with `q` what it finds."""
    call = await _call(request, visitor, parts)
    if call is None:
        return parts.rendering.refusal(request, NO_CALL)
    return await _page(request, visitor, parts, call, Remark())


async def give(request: Request, visitor: Visitor, parts: Parts) -> Response:
    call = await _call(request, visitor, parts)
    if call is None or call.number is None or parts.customers is None:
        return parts.rendering.refusal(request, NO_CALL)
    fields = await read_form(request)
    try:
        async with parts.customers.turn():
            return await _given(request, visitor, parts, call, fields)
    except ZammadError as error:
        return await _page(request, visitor, parts, call, Remark(refused=reason_of(error)))
    except TimeoutError:
        return await _page(request, visitor, parts, call, Remark(message=SOMEBODY_ELSE))


async def undo(request: Request, visitor: Visitor, parts: Parts) -> Response:
    call = await _call(request, visitor, parts)
    person = whole_number((await read_form(request)).get("person", ""))
    if call is None or call.number is None or person is None or parts.customers is None:
        return parts.rendering.refusal(request, NO_CALL)
    try:
        async with parts.customers.turn():
            user = await parts.customers.take_back(call.number, person, agent_id=visitor.user_id)
    except ZammadError as error:
        return await _page(request, visitor, parts, call, Remark(refused=reason_of(error)))
    except TimeoutError:
        return await _page(request, visitor, parts, call, Remark(message=SOMEBODY_ELSE))
    await _note(parts, visitor, "number_taken_back", user)
    return await _page(request, visitor, parts, call, Remark(taken_from=user))


async def _given(
    request: Request, visitor: Visitor, parts: Parts, call: ListedCall, fields: Mapping[str, str]
) -> Response:
    customers, number = parts.customers, call.number
    if customers is None or number is None:
        return parts.rendering.refusal(request, NO_CALL)
    person = whole_number(fields.get("person", ""))
    others = await parts.database.read(lambda connection: _others_with(connection, number, person))
    if others and fields.get("sure") != "yes":
        asked = Question(names=others, fields=fields)
        return await _page(request, visitor, parts, call, Remark(question=asked))
    if person is not None:
        user = await customers.give(number, person, agent_id=visitor.user_id)
    else:
        made = await _made(fields, customers, number, visitor, parts)
        if isinstance(made, str):
            return await _page(request, visitor, parts, call, Remark(message=made))
        user = made
    await _note(parts, visitor, "number_given", user)
    call_now = (await parts.database.read(lambda connection: listed_calls(connection, [call.id])))[call.id]
    values = {"call": call_now, "given_to": user.id, "found": (), "query": "", "told": Remark()}
    return await _answer(request, visitor, parts, values)


async def _made(
    fields: Mapping[str, str], customers: Customers, number: str, visitor: Visitor, parts: Parts
) -> User | str:
    lastname, organization = fields.get("lastname", "").strip()[:100], fields.get("organization", "").strip()
    if not lastname:
        return NO_NAME
    organization_id = None
    if organization:
        organization_id = await parts.database.read(lambda connection: organization_called(connection, organization))
        if organization_id is None:
            return NO_ORGANIZATION
    new = NewCustomer(
        firstname=fields.get("firstname", "").strip()[:100], lastname=lastname, organization_id=organization_id
    )
    return await customers.make(number, new, agent_id=visitor.user_id)


def _others_with(connection: Connection, number: str, person: int | None) -> tuple[str, ...]:
    matches = people_with_numbers(connection, [number])[number]
    return tuple(dict.fromkeys(each.name for each in matches if each.active and each.person_id != person))


async def _note(parts: Parts, visitor: Visitor, what: str, user: User) -> None:
    """In the audit, without the number."""
    name = f"{user.firstname} {user.lastname}".strip()
    subject = because(Concerned.CUSTOMER, name=name, user_id=user.id)
    deed = Deed(at=parts.clock(), user_id=visitor.user_id, name=visitor.name, what=what, subject=subject)
    await parts.database.write(lambda connection: note_deed(connection, deed))
    parts.live.wake()


async def _page(request: Request, visitor: Visitor, parts: Parts, call: ListedCall, told: Remark) -> Response:
    query = request.query_params.get("q", "")[:100]
    found: list[Choice] = await parts.database.read(lambda connection: customers_named(connection, query))
    values = {"call": call, "query": query, "found": found, "told": told, "given_to": None}
    troubled = told.message or told.refused or told.question
    return await _answer(request, visitor, parts, values, status=409 if troubled else 200)


async def _answer(
    request: Request, visitor: Visitor, parts: Parts, values: Mapping[str, object], *, status: int = 200
) -> Response:
    if is_for_htmx(request):
        return parts.rendering.fragment(visitor, "whose/room.html", values, status=status)
    menu = await read_menu(visitor, parts)
    return parts.rendering.page(request, visitor, "whose/page.html", {**values, **menu}, status=status)


async def _call(request: Request, visitor: Visitor, parts: Parts) -> ListedCall | None:
    """Of an outside number, for whoever may see the call."""
    number = id_in_path(request)
    call = await parts.database.read(lambda connection: call_shown_to(connection, number, visitor.viewer))
    outside = call is not None and call.number is not None and call.certainty != Certainty.INTERNAL
    return call if outside else None
