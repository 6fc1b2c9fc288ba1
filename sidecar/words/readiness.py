"""Why this process is not ready yet."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.codes.readiness import Lacking
from sidecar.words.marks import N_, Message

READINESS: Mapping[str, Message] = {
    Lacking.NOT_ASKED: N_("not asked yet"),
    Lacking.NOT_READ: N_("not read from Zammad yet"),
    Lacking.ZAMMAD: "Zammad: {error}",
    Lacking.NO_ANSWER: N_("no answer within {within:seconds}"),
    Lacking.STUCK_JOBS: N_("stuck: {jobs:jobs}"),
}
