from __future__ import annotations

import random
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel
import pytest
from sqlalchemy import delete

from sidecar.store.database import Database
from sidecar.store.replicas.tables import snapshots
from sidecar.sync.intake import known_agents
from sidecar.sync.settings import SettingsReader, _view_limit
from tests.sentences import said
from tests.sidecar.sync.following import Clock, Side, side_of
from zammad_client import Zammad
from zammad_client.errors import ZammadRefusedError, ZammadUnavailableError
from zammad_client.simulator import Simulator
from zammad_client.simulator.app import create_app
from zammad_client.simulator.server import running

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

pytestmark = pytest.mark.anyio

CONFIG = {
    "inbound": {"block_caller_ids": [{"caller_id": "4989*", "note": "spam"}]},
    "outbound": {"routing_table": [], "default_caller_id": ""},
    "user_remote_map": [{"remote_user_id": "w0", "user_id": "jane@example.com"}],
    "view_limit": 120,
}


async def test_the_rules_are_what_admins_have_set(sim: Simulator, side: Side) -> None:
    sim.settings["sipgate_config"] = CONFIG
    await side.sync.poll_settings()
    rules = side.sync.rules.rules
    assert rules is not None
    assert rules.enabled
    assert rules.blocking("498912345") is not None
    agent = rules.agent_for("w0", None)
    assert agent is not None
    assert agent.name == "Jane Doe"
    assert side.sync.rules.tokens.accept(sim.sipgate_token, 0.0)


async def test_a_poll_is_two_questions(sim: Simulator, side: Side) -> None:
    """All settings at once, and all agents, until a page is empty."""
    await side.sync.poll_settings()
    sim.requests.clear()
    await side.sync.poll_settings()
    agents = ["/api/v1/users/search"] * 2
    assert [request.path for request in sim.requests] == ["/api/v1/settings", *agents]


async def test_agents_are_as_zammad_had_them_when_it_was_asked(sim: Simulator, side: Side, clock: Clock) -> None:
    rules = side.sync.rules
    sim.settings["sipgate_config"] = CONFIG
    await side.sync.poll_settings()
    first = rules.agents_read_at
    clock.seconds += 10.0
    await side.sync.poll_settings()
    assert (first, rules.agents_read_at) == (clock.seconds - 10.0, clock.seconds), "even where nothing has changed"
    assert rules.phone_switch(4)


async def test_agents_that_another_process_has_read_are_as_of_when_they_were_kept(
    sim: Simulator, side: Side, zammad: Zammad, database: Database, clock: Clock
) -> None:
    sim.settings["sipgate_config"] = CONFIG
    await side.sync.poll_settings()
    other = side_of(zammad, database, clock).sync
    clock.seconds += 10.0
    await other.rules.load_saved_rules()
    assert other.rules.agents_read_at == clock.seconds - 10.0


async def test_a_token_without_the_permission_is_told_which_one_is_missing(sim: Simulator, zammad_url: str) -> None:
    zammad = Zammad(url=zammad_url, token=sim.tokens.weak)
    with pytest.raises(ZammadRefusedError, match=r"admin\.integration"):
        await SettingsReader(zammad).read()
    await zammad.aclose()


async def test_view_limit_is_written_through_and_nothing_else(sim: Simulator, side: Side) -> None:
    sim.settings["sipgate_config"] = CONFIG
    before = sim.settings["cti_config"]
    await side.sync.poll_settings()
    assert sim.settings["cti_config"] == {**before, "view_limit": 120}
    writes = len(sim.writes)
    await side.sync.poll_settings()
    assert len(sim.writes) == writes


@pytest.mark.parametrize("limit", [None, 0, -5, "many", True, 10**9, {}])
def test_a_view_limit_that_is_no_number_of_rows_is_ignored(limit: object) -> None:
    assert _view_limit({"view_limit": limit}) is None


async def test_after_a_restart_without_zammad_the_saved_rules_are_in_force(
    sim: Simulator, side: Side, zammad: Zammad, database: Database, clock: Clock
) -> None:
    sim.settings["sipgate_config"] = CONFIG
    await side.sync.poll_settings()
    sim.faults.refuse()
    restarted = side_of(zammad, database, clock).sync.rules
    assert await restarted.load_saved_rules() == side.sync.rules.rules
    assert restarted.agents_known
    assert restarted.tokens.accept(sim.sipgate_token, clock.now())
    with pytest.raises(ZammadUnavailableError):
        await restarted.refresh()
    assert restarted.rules == side.sync.rules.rules


async def test_without_anything_saved_there_are_no_rules(side: Side) -> None:
    assert await side.sync.rules.load_saved_rules() is None


async def test_another_replica_sees_newer_rules(
    sim: Simulator, side: Side, zammad: Zammad, database: Database, clock: Clock
) -> None:
    other = side_of(zammad, database, clock, holder="other").sync.rules
    await side.sync.poll_settings()
    assert await other.reload_if_newer()
    assert not await other.reload_if_newer()
    sim.settings["sipgate_integration"] = False
    await side.sync.poll_settings()
    assert await other.reload_if_newer()
    assert other.rules is not None
    assert not other.rules.enabled


async def test_a_replaced_token_is_accepted_for_a_while(sim: Simulator, side: Side) -> None:
    await side.sync.poll_settings()
    old = sim.sipgate_token
    sim.settings["sipgate_token"] = "new-token"
    await side.sync.poll_settings()
    tokens, now = side.sync.rules.tokens, side.clock.now()
    assert tokens.accept("new-token", now)
    assert tokens.accept(old, now + 3599.0)
    assert not tokens.accept(old, now + 3601.0)


async def test_a_new_database_with_agents_but_no_settings_takes_no_token_and_no_rule_out_of_force(
    sim: Simulator, side: Side, database: Database
) -> None:
    sim.settings["sipgate_config"] = CONFIG
    await side.sync.poll_settings()
    await database.write(lambda connection: connection.execute(delete(snapshots)))  # as one that has just been made
    side.sync.rules.look_anew()
    await side.sync.rules.refresh_agents()
    assert side.sync.rules.tokens.accept(sim.sipgate_token, side.clock.now())
    assert reason_for_blocking(side, "498912345")
    await side.sync.rules.refresh_settings()
    assert side.sync.rules.tokens.accept(sim.sipgate_token, side.clock.now())


def reason_for_blocking(side: Side, caller: str) -> str:
    assert side.sync.rules.rules is not None
    rule = side.sync.rules.rules.blocking(caller)
    return said(rule.reason if rule else None)


async def test_ticking_the_box_of_a_customer_blocks_his_numbers_after_one_poll(sim: Simulator, side: Side) -> None:
    await side.sync.poll_settings()
    await side.sync.full_pass()
    assert reason_for_blocking(side, "491712345678") == ""
    sim.change_user(6, cti_blocked=True)
    await side.sync.poll_changes()
    assert "Erika Mustermann" in reason_for_blocking(side, "491712345678")
    sim.change_user(6, cti_blocked=False)
    await side.sync.poll_changes()
    assert reason_for_blocking(side, "491712345678") == ""


async def test_a_blocked_organization_blocks_its_main_numbers_and_members(sim: Simulator, side: Side) -> None:
    await side.sync.poll_settings()
    await side.sync.full_pass()
    sim.change_organization(2, cti_blocked=True, cti_main_numbers="+49 30 998*")
    await side.sync.poll_changes()
    for number in ("493099811", "49307654321"):
        assert "organization Bäckerei Müller GmbH" in reason_for_blocking(side, number)


async def test_agents_are_known_on_their_own_before_any_customer(sim: Simulator, side: Side) -> None:
    sim.change_user(4, sipgate_users="w7", sipgate_number="+49 30 600009")
    await side.sync.rules.refresh_agents()
    assert side.sync.rules.agents_known
    await side.sync.rules.refresh_settings()
    assert side.sync.rules.rules is not None
    agent = side.sync.rules.rules.agent_for("w7", None)
    assert agent is not None
    assert agent.sipgate_number == "+49 30 600009"


async def blocked(side: Side, caller: str) -> bool:
    await side.sync.rules.reload_if_newer()
    rules = side.sync.rules.rules
    assert rules is not None
    return rules.blocking(caller) is not None


async def test_rows_with_wildcards_spare_customers_once_everybody_was_read(sim: Simulator, side: Side) -> None:
    sim.settings["sipgate_config"] = {**CONFIG, "inbound": {"block_caller_ids": [{"caller_id": "49*"}]}}
    await side.sync.poll_settings()
    assert await blocked(side, "491712345678"), "nobody was read yet"
    await side.sync.full_pass()
    assert not await blocked(side, "491712345678")
    assert await blocked(side, "491712345679")


async def test_whoever_comes_or_goes_is_spared_or_not_without_a_change_of_the_rules(
    sim: Simulator, side: Side, clock: Clock
) -> None:
    sim.settings["sipgate_config"] = {**CONFIG, "inbound": {"block_caller_ids": [{"caller_id": "abroad"}]}}
    await side.sync.poll_settings()
    await side.sync.full_pass()
    assert await blocked(side, "4315330000")
    clock.seconds += 60
    person = sim.add_user("Neue Kundin", phone="+43 1 5330000")
    await side.sync.poll_changes()
    assert not await blocked(side, "4315330000")
    clock.seconds += 60
    sim.change_user(person["id"], phone="")
    await side.sync.poll_changes()
    assert await blocked(side, "4315330000")


async def test_nobody_is_spared_where_the_configuration_says_so(
    sim: Simulator, zammad: Zammad, database: Database, clock: Clock
) -> None:
    side = side_of(zammad, database, clock, exempt_known=False)
    sim.settings["sipgate_config"] = {**CONFIG, "inbound": {"block_caller_ids": [{"caller_id": "49*"}]}}
    await side.sync.poll_settings()
    await side.sync.full_pass()
    assert await blocked(side, "491712345678")


async def test_the_known_numbers_are_read_only_where_a_row_could_spare_somebody(
    sim: Simulator, side: Side, clock: Clock
) -> None:
    sim.settings["sipgate_config"] = {**CONFIG, "inbound": {"block_caller_ids": [{"caller_id": "4989123456"}]}}
    await side.sync.poll_settings()
    await side.sync.full_pass()
    await side.sync.rules.reload_if_newer()
    assert side.sync.rules.rules is not None
    assert side.sync.rules.rules.known is None
    clock.seconds += 60
    sim.add_user("Neue Kundin", phone="+43 1 5330000")
    await side.sync.poll_changes()
    assert not await side.sync.rules.reload_if_newer()


async def test_while_many_rows_are_read_the_event_loop_has_its_turns_and_the_old_rules_hold(
    sim: Simulator, side: Side
) -> None:
    sim.settings["sipgate_config"] = CONFIG
    await side.sync.poll_settings()
    old = side.sync.rules.rules
    rows = [{"caller_id": f"+49 30 {number:07}"} for number in range(20_000)]
    sim.settings["sipgate_config"] = {**CONFIG, "inbound": {"block_caller_ids": rows}}
    turns = 0

    async def count() -> None:
        nonlocal turns
        while side.sync.rules.rules is old:
            await anyio.lowlevel.checkpoint()
            turns += 1

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(count)
        await side.sync.rules.refresh_settings()
    assert side.sync.rules.rules is not old
    assert side.sync.rules.rules is not None
    assert side.sync.rules.rules.blocking("49300000042") is not None
    assert turns > 100


async def test_nobody_is_lost_who_logs_in_while_the_agents_are_read(
    sim: Simulator, database: Database, clock: Clock
) -> None:
    ids = [sim.add_user("Agent", str(n), email=f"a{n}@example.com", roles=("Agent",))["id"] for n in range(450)]
    app, chance = create_app(sim), random.Random(3)

    async def while_people_come_and_go(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)
        for user_id in chance.sample(ids, 40):
            clock.seconds += 0.01
            sim.log_in(user_id)

    with running(sim, app=while_people_come_and_go) as url:
        zammad = Zammad(url=url, token=sim.tokens.service)
        await side_of(zammad, database, clock).sync.rules.refresh_agents()
        await zammad.aclose()
    assert set(ids) <= (await database.read(known_agents) or set())


async def test_an_agent_is_dropped_only_when_a_second_reading_lacks_them_too(
    sim: Simulator, side: Side, database: Database
) -> None:
    await side.sync.rules.refresh_agents()
    before = await database.read(known_agents) or set()
    sim.change_user(5, roles=("Customer",))
    sim.requests.clear()
    await side.sync.rules.refresh_agents()
    assert await database.read(known_agents) == before - {5}
    assert len(sim.requests) == 4, "two pages, twice"
