"""The dry run of callback tickets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sidecar.check.finding import Level
from sidecar.check.tickets.lines import callback_findings
from sidecar.codes.callbacks import Callbacks
from sidecar.config.sections import Tickets
from zammad_client import Zammad
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio

LINES = "+49 30 600001, 030 60000*"


@pytest.fixture(params=["5.2", "5.5", "6.5"])
def sim(request: pytest.FixtureRequest) -> Simulator:
    sim = Simulator(version=request.param)
    sim.add_user(lastname="Unknown caller", login="sipgate-unknown-caller")
    return sim


@pytest.fixture
def zammad(sim: Simulator) -> Iterator[Zammad]:
    with running(sim) as url:
        yield Zammad(url=url, token=sim.tokens.service, verify=False, timeout=30.0)


async def found(zammad: Zammad, **settings: object) -> dict[str, Level]:
    return {
        finding.reason.code: finding.level
        for finding in await callback_findings(zammad, Tickets.model_validate(settings), "DE")
    }


async def test_nothing_is_said_while_no_group_has_lines(zammad: Zammad) -> None:
    assert await found(zammad) == {}


async def test_lines_and_their_groups_are_named(sim: Simulator, zammad: Zammad) -> None:
    sim.change_group(2, cti_callbacks=LINES)
    [finding] = await callback_findings(zammad, Tickets(), "DE")
    assert finding.reason.parameters == {"groups": ["Support"], "rows": 2}


async def test_who_collects_unknown_callers_has_to_be_there(sim: Simulator, zammad: Zammad) -> None:
    sim.change_group(2, cti_callbacks=LINES)
    assert (await found(zammad, unknown_customer="nobody"))[Callbacks.NOBODY_COLLECTS] is Level.PROBLEM


async def test_rows_that_cannot_be_read_or_stand_twice_are_named(sim: Simulator, zammad: Zammad) -> None:
    sim.change_group(1, cti_callbacks="Zentrale")
    sim.change_group(2, cti_callbacks=LINES)
    assert (await found(zammad))[Callbacks.UNCLEAR] is Level.WARNING
    sim.change_group(1, cti_callbacks="0049 30 600001")
    assert (await found(zammad))[Callbacks.TIE] is Level.WARNING


async def test_a_missing_right_and_mandatory_fields_are_named_where_zammad_tells(
    sim: Simulator, zammad: Zammad
) -> None:
    sim.change_group(1, cti_callbacks="+49 30 600002")
    sim.change_group(2, cti_callbacks=LINES)
    sim.ticketing.mandatory = {"product", "place"}
    sim.people.find(9).group_ids = (2,)  # type: ignore[union-attr]  # the service user is there
    codes = await found(zammad, attributes={"place": "here"})
    if sim.version.ticket_form_tells:
        assert codes[Callbacks.UNFILLED] is Level.PROBLEM
    else:
        assert Callbacks.UNFILLED not in codes
    if sim.version.groups_for_agents:
        assert codes[Callbacks.BARRED] is Level.PROBLEM
