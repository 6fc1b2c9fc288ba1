"""What the pages need of the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import timezone

from sidecar.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """What a team wants to reach; figures beyond are shown in colour. Seconds, and a share of the calls."""

    answer_within: float = 20.0
    answer_target: float = 0.8
    longest_wait: float = 60.0
    most_missed: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """`zammad_url` is where browsers find Zammad; `oauth_client_id` is empty under Zammad's own host."""

    zammad_url: str
    root_path: str = "/sidecar"
    public_url: str = ""  # where sipgate finds the hooks
    oauth_client_id: str = ""
    oauth_client_secret: str = field(default="", repr=False)
    restrict_to_own: bool = False
    notes: bool = True
    country: str = "DE"
    presence: bool = True  # who is free
    missed_due: float = 3600.0  # seconds after the last ring
    session_seconds: float = 12 * 3600.0
    unattended: float = 12 * 3600.0  # seconds
    goals: Goals = Goals()
    dials: bool = False  # with a click, through sipgate's interface
    calls_days: int = 180  # for which calls are kept


def options_from(settings: Settings) -> WebOptions:
    web, secret = settings.web, settings.web.oauth_client_secret
    return WebOptions(
        zammad_url=web.zammad_url,
        root_path=web.root_path,
        public_url=settings.server.public_url,
        oauth_client_id=web.oauth_client_id or "",
        oauth_client_secret=secret.get_secret_value() if secret else "",
        restrict_to_own=web.restrict_to_own,
        notes=web.notes,
        country=settings.phone.country,
        presence=web.presence,
        unattended=web.unattended,
        goals=Goals(
            answer_within=web.answer_within,
            answer_target=web.answer_target,
            longest_wait=web.longest_wait,
            most_missed=web.most_missed,
        ),
        dials=settings.sipgate.api.is_used,
        calls_days=settings.retention.calls_days,
        missed_due=settings.missed.due,
    )


def zone_of(country: str) -> str:
    """The time zone of a country's first number; UTC where this machine does not know it."""
    example = phonenumbers.example_number(country)
    zones = timezone.time_zones_for_number(example) if example else ()
    name = zones[0] if zones else "UTC"
    return name if zone_named(name) else "UTC"


def zone_named(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
