"""Rows of Zammad's sipgate.io page: the agent map with one row more or less, the block list with one more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sidecar.calls.rules.agents import Agent, AgentMap
from sidecar.calls.rules.rules import ZammadSettings
from zammad_client.client import Zammad
from zammad_client.errors import ZammadRefusedError
from zammad_client.records import Json

SETTING = "sipgate_config"
ROWS = "user_remote_map"
BLOCK_ROWS = "block_caller_ids"
_SIPGATE_ID = re.compile(r"[^\s,;\x00-\x1f\x7f]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedUser:
    """A sipgate user and whom their calls belong to."""

    sipgate_id: str
    agent: Agent
    of_page: bool  # by a row of the sipgate.io page; else by the agent's own field


class RowExistsError(Exception):
    """What the row is for is there already; nothing was written."""


class RowGoneError(Exception):
    """What was to be removed is not there any more; nothing was written."""


class UnknownShapeError(Exception):
    """The setting is none that a row could be added to; nothing was written."""


def mapped_users(agents: AgentMap, settings: ZammadSettings | None) -> list[MappedUser]:
    """By the name of the agent."""
    page = {(_text(row, "remote_user_id"), _text(row, "user_id")) for row in _rows(settings)}
    mapped = [
        MappedUser(
            sipgate_id=sipgate_id, agent=agent, of_page=any((sipgate_id, name) in page for name in _names(agent))
        )
        for sipgate_id, agent in agents.by_sipgate_id.items()
    ]
    return sorted(mapped, key=lambda user: (user.agent.name.casefold(), user.sipgate_id))


def is_sipgate_id(text: str) -> bool:
    return _SIPGATE_ID.fullmatch(text) is not None


async def add_to_agent_map(zammad: Zammad, sipgate_id: str, agent_id: int) -> None:
    """One more row at the end, everything else as it stands in Zammad at this moment.

    Zammad knows no condition for a write: whoever saves between this reading and this writing loses what they saved.

    Raises: RowExistsError, UnknownShapeError, ZammadError.
    """
    number, config = await _config(zammad)
    rows = _rows_in(config, ROWS)
    if any(_text(row, "remote_user_id") == sipgate_id.lower() for row in rows):
        raise RowExistsError
    row = {"remote_user_id": sipgate_id, "user_id": str(agent_id)}
    await zammad.write_setting(number, {**config, ROWS: [*rows, row]})


async def remove_from_agent_map(zammad: Zammad, sipgate_id: str, agent: Agent) -> None:
    """As `add_to_agent_map`. Every row that says this of this agent, or the word in the agent's own field.

    Raises: RowGoneError, UnknownShapeError, ZammadError.
    """
    number, config = await _config(zammad)
    rows = _rows_in(config, ROWS)
    left = [row for row in rows if not _assigns(row, sipgate_id, agent)]
    if len(left) < len(rows):
        await zammad.write_setting(number, {**config, ROWS: left})
        return
    user = await zammad.user(agent.id)
    ids = [each for each in re.split(r"[\s,;]+", user.texts.get("sipgate_users", "").strip()) if each]
    others = [each for each in ids if each.lower() != sipgate_id.lower()]
    if len(others) == len(ids):
        raise RowGoneError
    await zammad.update_user(agent.id, {"sipgate_users": ", ".join(others)})


def _assigns(row: Json, sipgate_id: str, agent: Agent) -> bool:
    return _text(row, "remote_user_id") == sipgate_id.lower() and _text(row, "user_id") in _names(agent)


async def add_to_block_list(
    zammad: Zammad, digits: str, note: str, *, is_blocked: Callable[[Json], bool], on_behalf_of: str
) -> None:
    """As `add_to_agent_map`. `digits`: without plus. `is_blocked`: whether the setting as it stands blocks the number.

    Raises: RowExistsError, UnknownShapeError, ZammadError.
    """
    number, config = await _config(zammad)
    inbound = _section(config.get("inbound") or {})
    rows = _rows_in(inbound, BLOCK_ROWS)
    if is_blocked(config):
        raise RowExistsError
    inbound = {**inbound, BLOCK_ROWS: [*rows, {"caller_id": digits, "note": note}]}
    await zammad.write_setting(number, {**config, "inbound": inbound}, on_behalf_of=on_behalf_of)


async def _config(zammad: Zammad) -> tuple[int, Mapping[str, Json]]:
    """The setting's id, and what it says at this moment. Raises: UnknownShapeError, ZammadError."""
    setting = await zammad.setting(await _setting_id(zammad))
    return setting.id, _section(setting.value if setting.name == SETTING else None)


async def _setting_id(zammad: Zammad) -> int:
    found = next((setting.id for setting in await zammad.settings() if setting.name == SETTING), None)
    if found is None:
        raise ZammadRefusedError(f"setting not visible: {SETTING}")
    return found


def _section(value: Json) -> Mapping[str, Json]:
    """Raises: UnknownShapeError."""
    if not isinstance(value, dict):
        raise UnknownShapeError
    return value


def _rows_in(section: Mapping[str, Json], name: str) -> Sequence[Json]:
    """Raises: UnknownShapeError."""
    rows = section.get(name) or []
    if not isinstance(rows, list):
        raise UnknownShapeError
    return rows


def _rows(settings: ZammadSettings | None) -> Iterator[Json]:
    config = settings.sipgate_config if settings else None
    rows = config.get(ROWS) if isinstance(config, dict) else None
    yield from rows if isinstance(rows, list) else ()


def _text(row: Json, key: str) -> str:
    value = row.get(key) if isinstance(row, dict) else None
    return str(value).strip().lower() if isinstance(value, str | int) else ""


def _names(agent: Agent) -> tuple[str, ...]:
    return (str(agent.id), agent.login.lower(), agent.email.lower())
