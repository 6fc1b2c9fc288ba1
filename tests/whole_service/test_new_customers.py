"""Customers who were created or changed a moment ago and call: the dialog opens with them, not empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.service import Service, prepared, serving, until_ready
from tests.waiting import until
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
NEVER = {"SIDECAR_SYNC__CHANGES_EVERY": "3600"}  # what changes is known by calls alone
CALLER = "4917699887766"
CALL = {"callId": "c-1", "from": CALLER, "to": "4930600001", "direction": "in"}


@pytest.fixture
def sim() -> Simulator:
    return prepared(Simulator())


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


def created(sim: Simulator) -> int:
    return int(sim.add_user("Neu Kunde", mobile="0176/99887766")["id"])


def changed(sim: Simulator) -> int:
    sim.change_user(6, mobile="0176/99887766")
    return 6


async def rings_until_recognised(service: Service, sim: Simulator) -> None:
    await service.hook(event="newCall", **CALL, **{"userId[]": "w0"})
    await until(lambda: sim.call_log and sim.call_log[0]["preferences"].get("from"))


@pytest.mark.parametrize("happened", [created, changed])
async def test_whoever_calls_a_moment_later_has_their_dialog(
    sim: Simulator, url: str, sqlite_url: str, happened: Callable[[Simulator], int]
) -> None:
    async with serving(url, sqlite_url, sim, NEVER) as service:
        await until_ready(service)
        customer = happened(sim)
        await rings_until_recognised(service, sim)
        await service.hook(event="answer", **CALL, user="Jane Doe", userId="w0")
        await until(lambda: sim.opened)
        assert sim.opened[0].customer_id == customer
        assert sim.user(customer)["cti_numbers"] == f"+{CALLER}"


async def test_whoever_is_known_and_not_repaired_yet_is_repaired_while_it_rings(
    sim: Simulator, url: str, sqlite_url: str
) -> None:
    """As for half a minute after the change feed has seen somebody."""
    customer = created(sim)
    async with serving(url, sqlite_url, sim, {**NEVER, "SIDECAR_SYNC__REPAIR": "false"}) as service:
        await until_ready(service)
    async with serving(url, sqlite_url, sim, NEVER) as service:
        await until_ready(service)
        await rings_until_recognised(service, sim)
        await service.hook(event="answer", **CALL, user="Jane Doe", userId="w0")
        await until(lambda: sim.opened)
        assert sim.opened[0].customer_id == customer


async def test_a_zammad_that_is_slow_with_all_of_this_holds_no_dialog_up(
    sim: Simulator, url: str, sqlite_url: str
) -> None:
    async with serving(url, sqlite_url, sim, NEVER) as service:
        await until_ready(service)
        created(sim)
        sim.faults.slow(1.5, path="/api/v1/users/search")
        await service.hook(event="newCall", **CALL, **{"userId[]": "w0"})
        await until(lambda: sim.call_log)
        await service.hook(event="answer", **CALL, user="Jane Doe", userId="w0")
        await until(lambda: sim.opened)
        assert sim.opened[0].customer_id is None


async def test_before_everybody_is_known_a_look_for_the_caller_holds_no_dialog_up(
    sim: Simulator, url: str, sqlite_url: str
) -> None:
    """Zammad takes for ever with that, and nobody has been read so far."""
    sim.faults.fail(503, path="/api/v1/organizations")
    async with serving(url, sqlite_url, sim, {**NEVER, "SIDECAR_ZAMMAD__TIMEOUT": "60"}) as service:
        await until_ready(service)
        looks = service.sidecar._ringing_callers._looks
        sim.faults.hang(path="/api/v1/users/search")
        await service.hook(event="newCall", **CALL, **{"userId[]": "w0"})
        await until(lambda: sim.call_log and looks)
        await service.hook(event="answer", **CALL, user="Jane Doe", userId="w0")
        await until(lambda: sim.opened)
        assert sim.opened[0].customer_id is None
        sim.faults.clear()
