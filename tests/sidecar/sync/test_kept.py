"""What was read from Zammad and kept, also by another release."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest

from sidecar.calls.rules.agents import Agent
from sidecar.calls.rules.block_list import marked_organization, marked_person
from sidecar.calls.rules.rules import ZammadSettings
from sidecar.hooks.tokens import HookTokens
from sidecar.store.database import Database
from sidecar.store.replicas.snapshots import load_snapshot, save_snapshot
from sidecar.sync.kept import (
    AGENTS,
    BLOCKED,
    FULL_PASS,
    SETTINGS,
    TOKENS,
    Goal,
    Kept,
    PassState,
    keep_agents,
    keep_blocked,
    keep_pass,
    keep_settings,
    keep_tokens,
    kept_agents,
    kept_pass,
    read_kept,
)
from tests.sentences import said
from tests.sidecar.calls.rules.rule_settings import JANE, MAX

NOW = 1_800_000_000.0
READ = ZammadSettings(
    sipgate_integration=True,
    sipgate_token="t",
    sipgate_config={"inbound": {}},
    cti_integration=True,
    cti_token="c",
    cti_config={},
)
MARKED = (marked_person("4930998877", "Erika Mustermann"), marked_organization("4989*", "Bäckerei Müller"))


def save(database: Database, name: str, value: Any) -> None:
    with database.writing() as connection:
        save_snapshot(connection, name, value, NOW)


def kept(database: Database) -> Kept:
    with database.reading() as connection:
        return read_kept(connection)


def test_what_is_kept_comes_back_as_it_was(database: Database) -> None:
    tokens = HookTokens(current="new", previous="old", previous_until=NOW)
    with database.writing() as connection:
        keep_settings(connection, READ, NOW)
        keep_agents(connection, [JANE, MAX], NOW)
        keep_blocked(connection, MARKED, NOW)
        keep_tokens(connection, tokens, NOW)
    expected = Kept(settings=READ, agents=(JANE, MAX), agents_read_at=NOW, blocked=MARKED, tokens=tokens)
    assert kept(database) == expected


def test_nothing_was_read_yet(database: Database) -> None:
    assert kept(database) == Kept()
    assert kept(database).rules("DE") is None


def test_what_a_newer_release_keeps_besides_is_passed_over(database: Database) -> None:
    save(database, SETTINGS, {**asdict(READ), "desktop": True})
    save(database, AGENTS, [{**asdict(JANE), "desk": "window"}])
    save(database, TOKENS, {"current": "t", "rotated_by": 3})
    save(database, BLOCKED, [{"pattern": "4930998877", "reason": "Erika Mustermann", "since": 1}])
    save(database, FULL_PASS, {"finished_at": NOW, "speed": 5})
    found = kept(database)
    assert (found.settings, found.agents, found.tokens.current) == (READ, (JANE,), "t")
    assert [said(each.who) for each in found.blocked] == ["Erika Mustermann"]
    with database.reading() as connection:
        assert kept_pass(connection) == PassState(finished_at=NOW)


def test_what_an_older_release_did_not_keep_has_its_default(database: Database) -> None:
    save(database, AGENTS, [{"id": 4, "login": "jane", "email": "", "name": "Jane"}])
    with database.reading() as connection:
        assert kept_agents(connection) == [Agent(id=4, login="jane", email="", name="Jane")]


@pytest.mark.parametrize("value", [{}, {"sipgate_integration": True}, [], "text", None])
def test_what_cannot_be_used_counts_as_never_read(database: Database, value: Any) -> None:
    save(database, SETTINGS, value)
    save(database, AGENTS, [value, asdict(JANE)])
    assert (kept(database).settings, kept(database).agents) == (None, (JANE,))


def test_organizations_marked_by_the_previous_release_are_named_as_before(database: Database) -> None:
    save(database, BLOCKED, [{"pattern": "4989*", "reason": "organization Bäckerei Müller"}])
    assert [said(each.who) for each in kept(database).blocked] == ["organization Bäckerei Müller"]


def test_what_this_release_keeps_besides_comes_back(database: Database) -> None:
    german = replace(JANE, locale="de-de")
    offered = replace(READ, desktop_view=True, locale_default="de-de")
    with database.writing() as connection:
        keep_agents(connection, [german], NOW)
        keep_settings(connection, offered, NOW)
    assert (kept(database).settings, kept(database).agents) == (offered, (german,))


def test_the_previous_release_knows_every_name_in_what_is_kept(database: Database) -> None:
    """It can do with no other: only from this release on what another one adds is passed over."""
    with database.writing() as connection:
        keep_agents(connection, [JANE], NOW)
        keep_settings(connection, READ, NOW)
        keep_blocked(connection, MARKED, NOW)
        keep_pass(connection, PassState(finished_at=NOW), NOW)
        names = (AGENTS, SETTINGS, BLOCKED, FULL_PASS)
        agents, settings, blocked, full_pass = (load_snapshot(connection, name) for name in names)
    assert agents and settings and blocked and full_pass  # noqa: PT018 - for the types
    assert set(settings.value) == {
        *("sipgate_integration", "sipgate_token", "sipgate_config", "cti_integration", "cti_token", "cti_config")
    }
    assert {name for each in blocked.value for name in each} == {"pattern", "reason"}
    assert set(full_pass.value) == {"finished_at", "begun_at", "what", "page", "page_size", "after"}
    assert set(agents.value[0]) == {
        *("id", "login", "email", "name", "phone_switch", "sipgate_users", "sipgate_number", "active")
    }


@pytest.mark.parametrize(
    ("from_id", "after", "left"), [(0, 250, 300.0), (0, 1000, 0.0), (500, 750, 100.0), (0, 0, None), (500, 500, None)]
)
def test_what_is_left_of_a_pass_follows_from_how_it_went_so_far(from_id: int, after: int, left: float | None) -> None:
    goal = Goal(highest_id=1000, since=NOW, from_id=from_id)
    assert goal.left(after, NOW + 100.0) == left
