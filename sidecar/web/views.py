"""GET /go: from a page to a customer, a ticket or a new one in that view of Zammad which this person uses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.web.access.visitor import Visitor, view_of
from sidecar.web.inputs import id_in_query
from sidecar.web.parts import Parts


class View(StrEnum):
    CLASSIC = "classic"
    DESKTOP = "desktop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A customer's page, or with `new` a new ticket for them; a ticket; nothing of it: where Zammad begins."""

    customer: int | None = None
    ticket: int | None = None
    new: bool = False


def address_in_zammad(target: Target, view: View, *, zammad: str, user_pages: bool) -> str:
    """`user_pages`: whether the desktop view has a page of its own for a user (7.1 and later).

    No address loses the customer (docs/reference/zammad.md section 10.2).
    """
    match view:
        case View.CLASSIC:
            return f"{zammad}/{_in_classic_view(target)}"
        case View.DESKTOP:
            return f"{zammad}/desktop/{_in_desktop_view(target, user_pages=user_pages)}"


def _in_classic_view(target: Target) -> str:
    if target.ticket is not None:
        return f"#ticket/zoom/{target.ticket}"
    if target.customer is None:
        return "#ticket/create" if target.new else ""
    return f"#ticket/create/customer/{target.customer}" if target.new else f"#user/profile/{target.customer}"


def _in_desktop_view(target: Target, *, user_pages: bool) -> str:
    if target.ticket is not None:
        return f"tickets/{target.ticket}"
    if target.customer is None:
        return "tickets/create" if target.new else ""
    if user_pages and not target.new:
        return f"users/{target.customer}"
    return f"tickets/create?customer_id={target.customer}"


async def go(request: Request, _visitor: Visitor, parts: Parts) -> Response:
    """At once where the person has chosen; else the browser looks at what was chosen in Zammad, if that is its host."""
    asked = request.query_params.get("new", "") not in {"", "0"}
    target = Target(customer=id_in_query(request, "customer"), ticket=id_in_query(request, "ticket"), new=asked)
    settings = parts.workings.rules.settings
    offered = settings is not None and settings.desktop_view
    addresses = {
        view: address_in_zammad(target, view, zammad=parts.options.zammad_url, user_pages=offered) for view in View
    }
    chosen = view_of(request)
    if chosen != "auto":
        return RedirectResponse(addresses[View(chosen)], 303)
    if not offered or not _is_own_host(request, parts.options.zammad_url):
        return RedirectResponse(addresses[View.CLASSIC], 303)
    return parts.rendering.open_page(request, "go.html", {"addresses": addresses})


def _is_own_host(request: Request, zammad: str) -> bool:
    """Whether what Zammad keeps in the browser can be read by our pages."""
    return urlsplit(zammad).netloc.lower() == request.headers.get("Host", "").lower()
