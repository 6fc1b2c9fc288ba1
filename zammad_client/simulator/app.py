"""The Starlette application: every endpoint that was recorded, and a loud 501 for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from . import page
from .endpoints import (
    attributes,
    built_in_sipgate,
    cti,
    groups,
    http_logs,
    oauth,
    organizations,
    permissions,
    settings,
    tickets,
    users,
)
from .endpoints.answers import not_simulated, refused
from .endpoints.call import read_call
from .endpoints.ticketing import articles, forms
from .endpoints.views import core_workflows, taskbar
from .gate import Gate
from .models.refusals import NotSimulatedError, Refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from .endpoints.call import Call
    from .state import Simulator

    Endpoint = Callable[[Simulator, Call], Response]

_ENDPOINTS = (
    *cti.ENDPOINTS,  # first: thousands of these, and /cti/log before /cti/{token}
    *permissions.ENDPOINTS,  # before /users/{id}
    *users.ENDPOINTS,
    *organizations.ENDPOINTS,
    *settings.ENDPOINTS,
    *http_logs.ENDPOINTS,
    *attributes.ENDPOINTS,
    *tickets.ENDPOINTS,
    *articles.ENDPOINTS,
    *forms.ENDPOINTS,
    *groups.ENDPOINTS,
    *core_workflows.ENDPOINTS,
    *taskbar.ENDPOINTS,
    *built_in_sipgate.ENDPOINTS,
    *oauth.ENDPOINTS,
    *page.ENDPOINTS,
)


def create_app(sim: Simulator) -> Starlette:
    async def loud(request: Request, _error: Exception) -> Response:
        return _loud(sim, request.method, request.url.path)

    return Starlette(
        routes=[Route(path, _served(sim, endpoint), methods=[method]) for method, path, endpoint in _ENDPOINTS],
        middleware=[Middleware(Gate, sim=sim)],
        exception_handlers={404: loud, 405: loud},
    )


def _served(sim: Simulator, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def served(request: Request) -> Response:
        try:
            call = await read_call(request, broken_refused=sim.version.broken_body)
        except Refusal as refusal:
            return refused(refusal, as_html=False)
        with sim.lock:
            try:
                return endpoint(sim, call)
            except Refusal as refusal:
                return refused(refusal, as_html=call.wants_html)
            except NotSimulatedError as error:
                return _loud(sim, call.method, call.path, str(error))

    return served


def _loud(sim: Simulator, method: str, path: str, what: str = "") -> Response:
    sim.not_simulated.append(f"{method} {path} {what}".strip())
    return not_simulated(method, path, what)
