"""What the simulated system has noted: requests, changes, and what came up in agents' browsers."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What came up in an agent's browser: `profile` of the caller or `ticket dialog`, empty where nobody is known."""

    agent_id: int
    kind: str
    customer_id: int | None
    call_id: str
    at: float
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedInDesktop:
    """What came up in the desktop view of an agent who has it open: the address there."""

    agent_id: int
    target: str
    call_id: str
    at: float
