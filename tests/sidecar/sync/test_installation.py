from __future__ import annotations

import json

import pytest

from sidecar.sync.installation import (
    COLLECTOR,
    DEFINITIONS,
    UNKNOWN_CALLER,
    carry_out,
    needs_restart,
    planned_steps,
)
from tests import places
from tests.sentences import said
from zammad_client import Zammad
from zammad_client.errors import ZammadRefusedError
from zammad_client.records import Json
from zammad_client.simulator import Simulator

pytestmark = pytest.mark.anyio

RECORDINGS = places.RECORDINGS / "zammad" / "5.2"


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator(attributes=False)
    sim.settings["cti_integration"] = False
    return sim


async def states(zammad: Zammad) -> dict[str, str]:
    return {step.name: step.state for step in await planned_steps(zammad)}


@pytest.mark.parametrize(
    "recording", ["attr_user_bool", "attr_user_text", "attr_user_numbers", "attr_org_numbers", "attr_org_blocked"]
)
def test_attributes_are_created_as_zammad_took_them(recording: str) -> None:
    taken: Json = json.loads((RECORDINGS / f"{recording}.json").read_text())["request"]["json"]
    (definition,) = [each for each in DEFINITIONS if (each["object"], each["name"]) == (taken["object"], taken["name"])]
    display = {"display": taken["display"]} if taken["name"] == "cti_numbers" else {}
    assert {**definition, **display} == taken


def test_the_attribute_that_is_maintained_automatically_says_so() -> None:
    (definition,) = [each for each in DEFINITIONS if each["name"] == "cti_numbers"]
    assert "automatically" in definition["display"]


async def test_everything_is_created_with_one_migration_and_the_second_time_nothing(
    sim: Simulator, zammad: Zammad
) -> None:
    steps = await planned_steps(zammad)
    assert not sim.writes
    assert {step.state for step in steps} == {"create", "switch on"}
    assert needs_restart(steps)
    await carry_out(zammad, steps)
    await zammad.migrate_attributes()
    assert [write.path for write in sim.writes].count("/api/v1/object_manager_attributes_execute_migrations") == 1
    assert sim.settings["cti_integration"] is True
    assert set((await states(zammad)).values()) == {"present"}
    assert not needs_restart(await planned_steps(zammad))


async def test_the_customer_of_unknown_callers_has_no_address_and_is_found_by_login(
    sim: Simulator, zammad: Zammad
) -> None:
    await carry_out(zammad, await planned_steps(zammad, collector_name="Unbekannter Anrufer"))
    (collector,) = [user for user in await zammad.users_page(1) if user.login == UNKNOWN_CALLER]
    assert (collector.lastname, collector.email, collector.active) == ("Unbekannter Anrufer", "", True)
    assert (await states(zammad))[COLLECTOR] == "present"
    sim.change_user(collector.id, active=False)
    assert (await states(zammad))[COLLECTOR] == "wrong"


async def test_an_attribute_that_somebody_else_creates_meanwhile_is_there(sim: Simulator, zammad: Zammad) -> None:
    steps = await planned_steps(zammad)
    sim.attributes.create("User", {"name": "cti_blocked", "data_type": "boolean", "active": True}, by=3, now=0.0)
    await carry_out(zammad, steps)
    assert (await states(zammad))["User.cti_blocked"] == "migrate"


async def test_an_attribute_of_the_right_type_is_adopted(sim: Simulator, zammad: Zammad) -> None:
    sim.attributes.create("User", {"name": "sipgate_users", "data_type": "textarea", "active": True}, by=3, now=0.0)
    sim.attributes.migrate()
    assert (await states(zammad))["User.sipgate_users"] == "present"


async def test_an_attribute_that_was_created_but_never_migrated_is_migrated(sim: Simulator, zammad: Zammad) -> None:
    sim.attributes.create("User", {"name": "cti_blocked", "data_type": "boolean", "active": True}, by=3, now=0.0)
    assert (await states(zammad))["User.cti_blocked"] == "migrate"
    await carry_out(zammad, await planned_steps(zammad))
    await zammad.migrate_attributes()
    assert set((await states(zammad)).values()) == {"present"}


async def test_an_attribute_of_another_type_is_named_and_left_alone(sim: Simulator, zammad: Zammad) -> None:
    sim.attributes.create("User", {"name": "cti_blocked", "data_type": "input", "active": True}, by=3, now=0.0)
    steps = await planned_steps(zammad)
    (wrong,) = [step for step in steps if step.state == "wrong"]
    assert wrong.name == "User.cti_blocked"
    assert "boolean" in said(wrong.obstacle)
    await carry_out(zammad, steps)
    assert (await states(zammad))["User.cti_blocked"] == "wrong"


async def test_a_token_that_may_not_create_attributes_is_told_the_permission(sim: Simulator, zammad_url: str) -> None:
    zammad = Zammad(url=zammad_url, token=sim.tokens.weak)
    with pytest.raises(ZammadRefusedError, match=r"admin\.object"):
        await planned_steps(zammad)
    await zammad.aclose()
