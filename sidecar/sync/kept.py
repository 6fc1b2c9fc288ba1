"""What was last read from Zammad, as the database keeps it: each kind with its type, in this place alone.

Releases meet in the database. What another one has added to a record is passed over; one that lacks something this
release cannot do without counts as never read, and is read anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Literal

from sidecar.calls.rules.agents import Agent
from sidecar.calls.rules.block_list import BlockedNumber, as_kept, blocked_number_in
from sidecar.calls.rules.rules import Rules, ZammadSettings, rules_from
from sidecar.hooks.tokens import HookTokens
from sidecar.store.database import Connection
from sidecar.store.replicas.snapshots import NOTE, Json, Record, Snapshot, load_snapshot, record_in, save_snapshot

SETTINGS = "settings"  # names of snapshots
AGENTS = "agents"
BLOCKED = "blocked"
TOKENS = "hook tokens"
RIGHTS = "web rights"
FULL_PASS = "full pass"  # noqa: S105 - no password
MIGRATION = f"{NOTE}migration of attributes"
KNOWN = f"{NOTE}known numbers"  # counts the changes of whose numbers are known; there once everybody was read
GOAL = f"{NOTE}full pass goal"
READ_AS = f"{NOTE}full pass read as"  # beside the pass: of that the previous release must know every key

# What has come later is kept beside the rest: of that the previous release must know every key.
LATER = f"{NOTE}settings"
LOCALES = f"{NOTE}locales of agents"
TABS = f"{NOTE}agents with tabs"
PARTS = (SETTINGS, LATER, AGENTS, LOCALES, TABS, BLOCKED, TOKENS)  # what rules are made of
LATER_SETTINGS = ("desktop_view", "locale_default")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassState:
    """How far a pass is. Ids ascend from page to page, so what is kept between two pages' ends is gone or has moved."""

    finished_at: float | None = None  # of the last complete one
    begun_at: float | None = None  # of the one that is not finished
    what: Literal["organizations", "users"] = "organizations"
    page: int = 1  # the next one
    page_size: int = 0
    after: int = 0  # the highest id seen so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What rules are made of."""

    settings: ZammadSettings | None = None
    agents: tuple[Agent, ...] | None = None  # None: never read
    agents_read_at: float | None = None
    blocked: tuple[BlockedNumber, ...] = ()
    tokens: HookTokens = field(default_factory=HookTokens)

    def rules(self, country: str) -> Rules | None:
        """None where Zammad's settings were never read."""
        if self.settings is None:
            return None
        return rules_from(self.settings, self.agents or (), self.blocked, country)


def read_kept(connection: Connection) -> Kept:
    return kept_in(read_parts(connection))


def read_parts(connection: Connection) -> dict[str, Snapshot]:
    """What `kept_in` makes rules of."""
    found = {name: load_snapshot(connection, name) for name in PARTS}
    return {name: snapshot for name, snapshot in found.items() if snapshot}


def kept_in(parts: Mapping[str, Snapshot]) -> Kept:
    agents, blocked = parts.get(AGENTS), parts.get(BLOCKED)
    return Kept(
        settings=_settings_in(parts),
        agents=tuple(_agents_in(parts)) if agents else None,
        agents_read_at=agents.saved_at if agents else None,
        blocked=tuple(map(blocked_number_in, blocked.value)) if blocked else (),
        tokens=_record_in(HookTokens, parts.get(TOKENS)) or HookTokens(),
    )


def saved_rules(connection: Connection, country: str) -> Rules | None:
    """The rules as last kept, for whoever only looks; None where there are none yet."""
    return read_kept(connection).rules(country)


def keep_settings(connection: Connection, settings: ZammadSettings, now: float) -> None:
    values = {each.name: getattr(settings, each.name) for each in fields(settings)}  # `asdict` copies every row of them
    save_snapshot(connection, LATER, {name: values.pop(name) for name in LATER_SETTINGS}, now)
    save_snapshot(connection, SETTINGS, values, now)


def _settings_in(parts: Mapping[str, Snapshot]) -> ZammadSettings | None:
    settings, later = _record_in(ZammadSettings, parts.get(SETTINGS)), parts.get(LATER)
    if settings is None or later is None:
        return settings
    return replace(settings, **{name: later.value[name] for name in LATER_SETTINGS if name in later.value})


def kept_tokens(connection: Connection) -> HookTokens:
    return _one(HookTokens, connection, TOKENS) or HookTokens()


def keep_tokens(connection: Connection, tokens: HookTokens, now: float) -> None:
    save_snapshot(connection, TOKENS, asdict(tokens), now)


def kept_agents(connection: Connection) -> list[Agent] | None:
    """All of them as last read, the inactive ones too; None: never read."""
    parts = read_parts(connection)
    return _agents_in(parts) if AGENTS in parts else None


def keep_agents(connection: Connection, agents: Iterable[Agent], now: float) -> None:
    values = [asdict(agent) for agent in agents]
    locales = {str(value["id"]): value.pop("locale") for value in values}
    tabs = [value["id"] for value in values if value.pop("desktop_tab")]
    save_snapshot(connection, TABS, tabs, now)
    save_snapshot(connection, LOCALES, {number: locale for number, locale in locales.items() if locale}, now)
    save_snapshot(connection, AGENTS, values, now)


def _agents_in(parts: Mapping[str, Snapshot]) -> list[Agent]:
    locales = parts[LOCALES].value if LOCALES in parts else {}
    tabs = parts[TABS].value if TABS in parts else []
    return [
        replace(agent, locale=locales.get(str(agent.id), ""), desktop_tab=agent.id in tabs)
        for agent in _records(Agent, parts[AGENTS].value)
    ]


def keep_blocked(connection: Connection, blocked: Iterable[BlockedNumber], now: float) -> bool:
    """Whether they are others than before."""
    return save_snapshot(connection, BLOCKED, [as_kept(each) for each in blocked], now)


def known_version(connection: Connection) -> int | None:
    """Which state of the known numbers there is; None as long as not everybody was read."""
    snapshot = load_snapshot(connection, KNOWN)
    return None if snapshot is None else snapshot.version


def note_known_numbers(connection: Connection, now: float, *, begin: bool) -> None:
    """Others are known now. `begin`: from now on, because everybody was read."""
    kept = load_snapshot(connection, KNOWN)
    if kept is not None or begin:
        save_snapshot(connection, KNOWN, (kept.value if kept else 0) + 1, now)


def kept_rights(connection: Connection) -> Mapping[str, Sequence[int]]:
    """Permission to the ids of those who have it; empty where they were never read."""
    snapshot = load_snapshot(connection, RIGHTS)
    return snapshot.value if snapshot else {}


def keep_rights(connection: Connection, holders: Mapping[str, Sequence[int]], now: float) -> None:
    save_snapshot(connection, RIGHTS, holders, now)


def kept_pass(connection: Connection) -> PassState:
    return _one(PassState, connection, FULL_PASS) or PassState()


def keep_pass(connection: Connection, state: PassState, now: float) -> None:
    save_snapshot(connection, FULL_PASS, asdict(state), now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """How far a pass over the users has to go: to this id."""

    highest_id: int
    since: float  # when the pass that knows it was begun or taken up, UTC epoch seconds
    from_id: int = 0  # where it was then

    def left(self, after: int, now: float) -> float | None:
        """Seconds until everybody is read, as it has gone so far; None where nobody can say."""
        read = after - self.from_id
        return (now - self.since) * max(0, self.highest_id - after) / read if read > 0 else None


def keep_goal(connection: Connection, goal: Goal, now: float) -> None:
    save_snapshot(connection, GOAL, asdict(goal), now)


def kept_goal(connection: Connection) -> Goal | None:
    return _one(Goal, connection, GOAL)


def kept_reading(connection: Connection) -> str | None:
    """How the last pass has read."""
    snapshot = load_snapshot(connection, READ_AS)
    return None if snapshot is None else str(snapshot.value)


def keep_reading(connection: Connection, read_as: str, now: float) -> None:
    save_snapshot(connection, READ_AS, read_as, now)


def kept_watermark(connection: Connection, feed: str) -> float | None:
    """The newest change that a feed has seen, UTC epoch seconds by Zammad's clock."""
    snapshot = load_snapshot(connection, feed)
    return None if snapshot is None or snapshot.value is None else float(snapshot.value)


def keep_watermark(connection: Connection, feed: str, newest: float | None, now: float) -> None:
    save_snapshot(connection, feed, newest, now)


def note_migration(connection: Connection, now: float) -> None:
    """Of attributes, about to be asked for: Zammad may restart itself."""
    save_snapshot(connection, MIGRATION, now, now)


def last_migration(connection: Connection) -> float | None:
    """When the last one was asked for, UTC epoch seconds."""
    snapshot = load_snapshot(connection, MIGRATION)
    return None if snapshot is None else snapshot.saved_at


def _one(kind: type[Record], connection: Connection, name: str) -> Record | None:
    return _record_in(kind, load_snapshot(connection, name))


def _record_in(kind: type[Record], snapshot: Snapshot | None) -> Record | None:
    return None if snapshot is None else record_in(kind, snapshot.value)


def _records(kind: type[Record], values: Iterable[Json]) -> list[Record]:
    return [record for value in values if (record := record_in(kind, value)) is not None]
