"""The pages put together: one table of all addresses with who may go there, and the headers around every answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from sidecar.web import events, installing, preferences, sign_in, views
from sidecar.web.access.permissions import ADMIN
from sidecar.web.access.security import SecurityHeaders
from sidecar.web.admin import agents, audit, deliveries, health, hooks, refused, sessions, simulate, start, sync
from sidecar.web.board import links, television, wallboard
from sidecar.web.calls import blocking, comma_separated, voicemail, workbook
from sidecar.web.calls import page as calls
from sidecar.web.desk import page as desk
from sidecar.web.desk import tickets
from sidecar.web.dial import page as dial
from sidecar.web.guard import Endpoint, OpenPage, Page, admits, nowhere, opens
from sidecar.web.missed import acts, bulk
from sidecar.web.missed import page as missed
from sidecar.web.notes import page as notes
from sidecar.web.parts import Parts
from sidecar.web.rendering.assets import asset_routes
from sidecar.web.statistics import page as statistics
from sidecar.web.whose import page as whose


class Who(StrEnum):
    EVERYBODY = "everybody"
    SIGNED_IN = "signed in"  # with a right to the pages at all
    ADMINS = "admins"


@dataclass(frozen=True, slots=True)
class Address:
    """`endpoint`: the page, guarded for these people."""

    method: str
    path: str
    who: Who
    endpoint: Callable[[Parts], Endpoint]


def _everybody(method: str, path: str, page: OpenPage) -> Address:
    return Address(method, path, Who.EVERYBODY, partial(opens, page))


def _signed_in(method: str, path: str, page: Page) -> Address:
    return Address(method, path, Who.SIGNED_IN, partial(admits, page))


def _admins(method: str, path: str, page: Page) -> Address:
    return Address(method, path, Who.ADMINS, partial(admits, page, permission=ADMIN))


ADDRESSES = (
    _everybody("GET", "/sign-in", sign_in.enter),
    _everybody("GET", "/sign-in/done", sign_in.come_back),
    _everybody("GET", "/standing", sign_in.standing),
    _everybody("GET", "/trickle", events.try_stream),
    _everybody("GET", "/manifest.webmanifest", installing.manifest),
    _everybody("GET", "/worker.js", installing.worker),
    _signed_in("GET", "/go", views.go),
    _signed_in("POST", "/sign-out", sign_in.leave),
    _signed_in("POST", "/preferences", preferences.save),
    _signed_in("GET", "/", calls.show),
    _signed_in("GET", "/calls/{number:int}", calls.show_one),
    _signed_in("GET", "/calls/{number:int}/voicemail", voicemail.play),
    _signed_in("GET", "/calls.csv", comma_separated.download),
    _signed_in("GET", "/calls.xlsx", workbook.download),
    _signed_in("GET", "/my-calls", desk.show),
    _signed_in("POST", "/my-calls/{number:int}/put-away", desk.put_away),
    _signed_in("GET", "/calls/{number:int}/tickets", tickets.show),
    _signed_in("GET", "/calls/{number:int}/notes", notes.show),
    _signed_in("GET", "/calls/{number:int}/note", notes.form),
    _signed_in("POST", "/calls/{number:int}/note/save", notes.write),
    _signed_in("GET", "/calls/{number:int}/whose", whose.show),
    _signed_in("POST", "/calls/{number:int}/whose/give", whose.give),
    _signed_in("POST", "/calls/{number:int}/whose/undo", whose.undo),
    _signed_in("GET", "/missed", missed.show),
    _signed_in("POST", "/missed/{number:int}/take", acts.take),
    _signed_in("POST", "/missed/{number:int}/release", acts.release),
    _signed_in("POST", "/missed/{number:int}/close", acts.close),
    _signed_in("POST", "/missed/{number:int}/note", acts.note),
    _signed_in("POST", "/missed/{number:int}/unnote", acts.unnote),
    _signed_in("POST", "/missed/{number:int}/assign", acts.assign),
    _signed_in("POST", "/missed/{number:int}/reopen", acts.reopen),
    _signed_in("POST", "/missed/closing", bulk.ask),
    _signed_in("POST", "/missed/close", bulk.close),
    _signed_in("GET", "/statistics", statistics.show),
    _signed_in("GET", "/numbers", statistics.moved),
    _signed_in("GET", "/wallboard", wallboard.show),
    _everybody("GET", "/board/{key}", television.show),
    _signed_in("GET", "/events", events.stream),
    _signed_in("GET", "/dial", dial.ask),
    _signed_in("POST", "/dial", dial.call),
    _signed_in("GET", "/dial/{key}", dial.show),
    _admins("GET", "/admin", health.enter),
    _admins("GET", "/admin/health", health.show),
    _admins("GET", "/admin/start", start.show),
    _admins("POST", "/admin/start/put-away", start.put_away),
    _admins("GET", "/admin/check", health.findings),
    _admins("GET", "/admin/hooks", hooks.show),
    _admins("GET", "/admin/hooks/{number:int}", hooks.show_one),
    _admins("GET", "/admin/sync", sync.show),
    _admins("GET", "/admin/refused", refused.show),
    _admins("GET", "/admin/agents", agents.show),
    _admins("POST", "/admin/agents/assign", agents.assign),
    _admins("POST", "/admin/agents/remove", agents.remove),
    _admins("POST", "/admin/agents/suggested", agents.take_suggestions),
    _admins("GET", "/admin/deliveries", deliveries.show),
    _admins("POST", "/admin/deliveries/retry", deliveries.retry_all),
    _admins("POST", "/admin/deliveries/{number:int}/retry", deliveries.retry),
    _admins("POST", "/admin/deliveries/{number:int}/discard", deliveries.discard),
    _admins("GET", "/admin/simulate", simulate.show),
    _admins("POST", "/admin/simulate/play", simulate.play),
    _admins("GET", "/admin/boards", links.show),
    _admins("POST", "/admin/boards/make", links.make),
    _admins("POST", "/admin/boards/{number:int}/revoke", links.end),
    _admins("POST", "/admin/calls/{number:int}/block", blocking.block),
    _admins("GET", "/admin/sessions", sessions.show),
    _admins("POST", "/admin/sessions/{key}/end", sessions.end),
    _admins("GET", "/admin/audit", audit.show),
)


def web_app(parts: Parts) -> Starlette:
    """To be mounted at `options.root_path`."""
    pages = [Route(each.path, each.endpoint(parts), methods=[each.method]) for each in ADDRESSES]
    return Starlette(
        routes=[*pages, asset_routes()],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={404: nowhere(parts)},
    )
