"""The custom attributes that `install` creates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sidecar.calls.reasons import because
from sidecar.check.finding import Finding, ok, problem, warning
from sidecar.codes.findings import Installed, Topic
from sidecar.sync.installation import COLLECTOR, INTEGRATION, Step, Todo


def attribute_findings(steps: Sequence[Step]) -> Iterator[Finding]:
    """From the plan of `install`."""
    attributes = [step for step in steps if step.name not in {INTEGRATION, COLLECTOR}]
    missing = [step.name for step in attributes if step.state is Todo.CREATE]
    pending = [step.name for step in attributes if step.state is Todo.MIGRATE]
    wrong = [step for step in attributes if step.state is Todo.WRONG]
    if missing:
        yield warning(Topic.ATTRIBUTES, because(Installed.MISSING, names=missing))
    if pending:
        yield warning(Topic.ATTRIBUTES, because(Installed.NOT_MIGRATED, names=pending))
    for step in wrong:
        yield problem(Topic.ATTRIBUTES, because(Installed.WRONG, name=step.name, obstacle=step.obstacle))
    if not (missing or pending or wrong):
        yield ok(Topic.ATTRIBUTES, because(Installed.ALL, count=len(attributes)))


def missing_attributes(named: Sequence[str], there: Collection[str]) -> Iterator[Finding]:
    """Those of phone.attributes that users do not have."""
    for name in named:
        if name not in there:
            yield warning(Topic.ATTRIBUTES, because(Installed.NO_SUCH_ATTRIBUTE, name=name))
