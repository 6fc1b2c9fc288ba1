"""Rules of tests: what admins have written, read as the sidecar reads it."""

from __future__ import annotations

from collections.abc import Sequence

from sidecar.calls.rules.rules import Agent, BlockedNumber, Rules, ZammadSettings, rules_from

Rows = list[dict[str, str]]


def agent(number: int, login: str, *, sipgate_users: str = "", sipgate_number: str = "", active: bool = True) -> Agent:
    return Agent(
        id=number,
        login=login,
        email=f"{login}@example.com",
        name=login.capitalize(),
        sipgate_users=sipgate_users,
        sipgate_number=sipgate_number,
        active=active,
    )


JANE = agent(4, "jane")
MAX = agent(5, "max")


def rules_of_config(
    config: object,
    agents: Sequence[Agent] = (JANE, MAX),
    blocked: Sequence[BlockedNumber] = (),
    *,
    enabled: bool = True,
) -> Rules:
    settings = ZammadSettings(
        sipgate_integration=enabled,
        sipgate_token="sipgate-secret",
        sipgate_config=config,
        cti_integration=True,
        cti_token="cti-secret",
        cti_config={},
    )
    return rules_from(settings, agents, blocked, "DE")


def written_rules(
    *,
    block: Rows | None = None,
    routes: Rows | None = None,
    default: str = "",
    agent_map: Rows | None = None,
    agents: Sequence[Agent] = (JANE, MAX),
    blocked: Sequence[BlockedNumber] = (),
    enabled: bool = True,
) -> Rules:
    config = {
        "outbound": {"default_caller_id": default, "routing_table": routes or []},
        "inbound": {"block_caller_ids": block or []},
        "user_remote_map": agent_map or [],
        "view_limit": 60,
    }
    return rules_of_config(config, agents, blocked, enabled=enabled)


def blocks(*numbers: str) -> Rules:
    return written_rules(block=[{"caller_id": number, "note": "spam"} for number in numbers])


def route(destination: str, caller_id: str) -> dict[str, str]:
    return {"dest": destination, "caller_id": caller_id, "note": ""}


def mapped(sipgate_user: str, person: str) -> dict[str, str]:
    return {"remote_user_id": sipgate_user, "user_id": person}
