"""The custom attributes that `install` creates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sidecar.check.finding import Finding, ok, problem, warning
from sidecar.sync.installation import INTEGRATION, Step

_WHY = "What they are for does not work: blocking and numbers of people, agents' own sipgate users, recognition."


def attribute_findings(steps: Sequence[Step]) -> Iterator[Finding]:
    """From the plan of `install`."""
    attributes = [step for step in steps if step.name != INTEGRATION]
    missing = [step.name for step in attributes if step.state == "create"]
    pending = [step.name for step in attributes if step.state == "migrate"]
    wrong = [step for step in attributes if step.state == "wrong"]
    if missing:
        cure = "run `sipgate-sidecar install`, then restart Zammad"
        yield warning("attributes", f"not there: {', '.join(missing)}", why=_WHY, cure=cure)
    if pending:
        cure = "run `sipgate-sidecar install`, then restart Zammad"
        what = f"created, but Zammad's database was not migrated: {', '.join(pending)}"
        yield warning("attributes", what, why=_WHY, cure=cure)
    for step in wrong:
        cure = "put it right in System > Objects, then run `sipgate-sidecar install`"
        yield problem("attributes", f"{step.name} {step.reason}", why=_WHY, cure=cure)
    if not (missing or pending or wrong):
        yield ok("attributes", f"all {len(attributes)} are there")
