"""What the simulated system has noted of its callers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zammad_client.records import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request; `status` is None where it was swallowed without being done.

    By the last two Zammad tells the devices of a person apart.
    """

    method: str
    path: str
    params: Mapping[str, str]
    status: int | None
    at: float
    user_agent: str = ""
    forwarded_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A change of users, organizations, settings, attributes or tickets that was accepted."""

    method: str
    path: str
    changes: Mapping[str, Json]
    by: int
    at: float
