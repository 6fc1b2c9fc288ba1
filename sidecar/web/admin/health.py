"""For admins: is everything well? Readiness at once, the findings of `check` as soon as they are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.check.finding import Finding, Level
from sidecar.store.replicas.snapshots import snapshot_times
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import fragment, framed
from sidecar.web.admin.searching import fits, wanted_in
from sidecar.web.admin.start import is_to_be_shown
from sidecar.web.inputs import is_for_htmx
from sidecar.web.parts import Parts
from sidecar.words.sentences import explained, sentence
from sidecar.words.wording import Words


async def enter(_request: Request, _visitor: Visitor, parts: Parts) -> Response:
    """/admin leads to the first steps as long as no call has come."""
    first = await parts.database.read(is_to_be_shown)
    return RedirectResponse(f"{parts.options.root_path}/admin/{'start' if first else 'health'}", 303)


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    readiness = await parts.workings.readiness()
    values = {
        "ready": readiness.ready and readiness.zammad is None,
        "checks": readiness.checks,
        "zammad_problem": readiness.zammad,
        "details": dict(_flat(readiness.details)),
        "ages": await parts.database.read(snapshot_times),
    }
    return await framed(request, visitor, parts, "health", values)


async def findings(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """Fetched by the page when it is there, and again on demand; a page of its own without a script."""
    report = await parts.workings.checkup.report(anew="anew" in request.query_params)
    counts = {level.value: sum(each.level is level for each in report.findings) for level in Level}
    q = wanted_in(request)
    found = [each for each in report.findings if _says(each, q, visitor.words)]
    values = {"report": report, "found": found, "counts": counts, "q": q}
    if is_for_htmx(request):
        return fragment(visitor, parts, "admin/findings.html", values)
    return await framed(request, visitor, parts, "health", values, template="admin/check.html")


def _says(finding: Finding, wanted: str, words: Words) -> bool:
    said = explained(finding.reason, words)
    level = words.term("level", finding.level)
    return fits(wanted, level, sentence(finding.subject, words), said.what, said.why, said.cure)


def _flat(details: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    for name, value in details.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}_")
        else:
            yield f"{before}{name}", value
