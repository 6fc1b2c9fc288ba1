"""What signing in needs beside the sessions themselves."""

from __future__ import annotations

import time
from dataclasses import dataclass

import structlog

from sidecar.logs import Streak
from sidecar.web.access.attempts import AttemptLimit, Seal
from sidecar.web.access.oauth import Grants
from sidecar.web.options import WebOptions

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    grants: Grants | None  # None: the pages are under Zammad's own host
    limit: AttemptLimit
    seal: Seal
    streak: Streak


def entrance_with(grants: Grants | None, options: WebOptions) -> Entrance:
    return Entrance(
        grants=grants,
        limit=AttemptLimit(time.monotonic),
        seal=Seal(options.oauth_client_secret),
        streak=Streak("sign-ins", log=log),
    )
