"""Numbers for leads: what was offered, answered and missed, by hour, weekday, day, line and agent."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.web.access.visitor import Visitor
from sidecar.web.days import today
from sidecar.web.menu import read_menu
from sidecar.web.parts import Parts
from sidecar.web.recent.numbers import Question
from sidecar.web.recent.periods import Period, period_asked_for, presets
from sidecar.web.statistics.heat_map import MISSED, OFFERED, heat_map
from sidecar.web.statistics.tables import tables_of


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    now, zone = parts.clock(), visitor.words.zone
    period = period_asked_for(request.query_params, now=now, zone=zone)
    menu = await read_menu(visitor, parts)  # first: its stream goes on from there
    numbers = await parts.numbers.of(Question(viewer=visitor.viewer, zone=zone, period=period))
    view = MISSED if request.query_params.get("map") == MISSED else OFFERED
    values = {
        "period": period,
        "presets": [(name, preset) for name, preset in presets(now=now, zone=zone)],
        "map": heat_map(numbers, view, visitor.words),
        "goals": parts.options.goals,
        "before": numbers.before,
        "forgotten": _forgotten(period, parts.options.calls_days, now, zone),
        **menu,
        **tables_of(numbers, visitor.words, target=parts.options.goals.answer_target),
    }
    return parts.rendering.page(request, visitor, "statistics/page.html", values)


async def moved(request: Request, _visitor: Visitor, parts: Parts) -> Response:
    """Bookmarks of earlier releases."""
    query = urlencode(list(request.query_params.multi_items()))
    return RedirectResponse(f"{parts.options.root_path}/statistics{'?' if query else ''}{query}", 301)


def _forgotten(period: Period, kept_days: int, now: float, zone: str) -> int | None:
    """For how many days calls are kept, where these days begin before."""
    return kept_days if period.first < today(now, zone) - timedelta(days=kept_days) else None
