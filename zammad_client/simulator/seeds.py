"""The people and things every simulated Zammad begins with, and customers in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .models.roles import ADMIN, AGENT, CUSTOMER, SERVICE, SERVICE_PERMISSIONS, Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zammad_client.records import Json

    from .models.organizations import Organizations
    from .models.people import People
    from .models.settings import Settings

_FIRSTNAMES = ("Anna", "Ben", "Clara", "David", "Eva", "Felix", "Greta", "Hannes", "Ida", "Jonas", "Karla")
_LASTNAMES = ("Albrecht", "Becker", "Conrad", "Dietz", "Engel", "Fuchs", "Graf", "Huber", "Jansen", "Keller",
              "Lang", "Maurer", "Nagel", "Otto", "Peters", "Richter", "Sommer", "Thiel", "Ullrich", "Vogel",
              "Winter", "Zimmer", "Öztürk")  # fmt: skip


def _notifications() -> Json:
    def criteria(*, nobody: bool) -> Json:
        who = {"owned_by_me": True, "owned_by_nobody": nobody, "subscribed": True, "no": False}
        return {"criteria": who, "channel": {"email": True, "online": True}}

    kinds = {"create": True, "update": True, "reminder_reached": False, "escalation": False}
    return {"matrix": {kind: criteria(nobody=nobody) for kind, nobody in kinds.items()}}


_STAFF_PREFERENCES: Mapping[str, Json] = {"notification_config": _notifications()}
_AGENT_PREFERENCES: Mapping[str, Json] = {**_STAFF_PREFERENCES, "cti": True, "intro": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    service: str = "simulated-service-token"
    admin: str = "simulated-admin-token"
    weak: str = "simulated-weak-token"


def api_tokens(tokens: Tokens) -> dict[str, Token]:
    return {
        tokens.service: Token(user_id=9, permissions=SERVICE_PERMISSIONS),
        tokens.admin: Token(user_id=3, permissions=frozenset({"admin", "ticket.agent", "cti.agent"})),
        tokens.weak: Token(user_id=9, permissions=frozenset({"ticket.agent"})),
    }


def seed(*, people: People, organizations: Organizations, settings: Settings, now: float) -> None:
    for name in ("Zammad Foundation", "Bäckerei Müller GmbH"):
        organizations.add(name, by=1, now=now)
    for user_id, fields in _people().items():
        people.add(now=now, user_id=user_id, **fields)
    settings["cti_token"] = "simulated-cti-token"
    settings["sipgate_token"] = "simulated-sipgate-token"
    settings["cti_integration"] = settings["sipgate_integration"] = True


def _people() -> dict[int, Mapping[str, Json]]:
    both_groups = (1, 2)
    agent = {"role_ids": (AGENT.id,), "group_ids": both_groups, "preferences": _AGENT_PREFERENCES}
    return {
        1: {"login": "-", "firstname": "-", "active": False, "role_ids": ()},
        2: _person("nicole.braun@zammad.org", "Nicole", "Braun", organization_id=1),
        3: _person("admin@example.com", "Ada", "Admin", **agent | {"role_ids": (ADMIN.id, AGENT.id)}),
        4: _person("jane@example.com", "Jane", "Doe", phone="+49 30 600001", **agent),
        5: _person("max@example.com", "Max", "Roe", **agent),
        6: _person("erika@mueller.example", "Erika", "Mustermann", phone="+49 30 1234567", mobile="0171/2345678",
                   organization_id=2),
        7: _person("otto@mueller.example", "Otto", "Müller", phone="030/7654321", organization_id=2),
        9: _person("sidecar@example.com", "Sipgate", "Sidecar", role_ids=(SERVICE.id,), group_ids=both_groups,
                   preferences=_STAFF_PREFERENCES),
    }  # fmt: skip


def _person(email: str, firstname: str, lastname: str, **fields: Json) -> Mapping[str, Json]:
    return {"login": email, "email": email, "firstname": firstname, "lastname": lastname, **fields}


def bulk_customer(number: int) -> Mapping[str, Json]:
    """No six digits in a row outside the numbers: Zammad would take them for a phone number."""
    thousands, rest = divmod(number, 1000)
    email = f"customer.{thousands}.{rest:03}@bulk.example"
    return {
        "login": email,
        "email": email,
        "firstname": _FIRSTNAMES[number % len(_FIRSTNAMES)],
        "lastname": _LASTNAMES[number % len(_LASTNAMES)],
        "phone": f"+49 30 {20_000_000 + number}",
        "mobile": f"+49 171 {3_000_000 + number}",
        "role_ids": (CUSTOMER.id,),
    }
