"""How tickets are worked with here: what admins have set about groups, mandatory fields, accounted time and mails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zammad_client.records import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Sent to a customer by a trigger."""

    ticket_id: int
    to: str


@dataclass(slots=True, kw_only=True)
class Ticketing:
    group_attributes: dict[int, dict[str, Json]] = field(default_factory=dict)  # of an admin's own, by group
    answers_mail: bool = True  # groups have an address and the triggers that come with Zammad are on
    mandatory: set[str] = field(default_factory=set)  # further fields of a new ticket
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of ticket attributes of an admin's own
    shown: dict[str, Json] = field(default_factory=dict)  # settings for everybody, as far as they were changed
    mails: list[Mail] = field(default_factory=list)

    def time_accounting(self) -> bool:
        return self.shown.get("time_accounting") is True
