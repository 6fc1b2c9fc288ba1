"""The simulated Zammad on a real port, and the faults it can play there."""

from __future__ import annotations

import asyncio
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

if TYPE_CHECKING:
    from collections.abc import Iterator

ME = "/api/v1/users/me"


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


@pytest.fixture
def client(sim: Simulator, url: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Token token={sim.tokens.service}"}
    with httpx.Client(base_url=url, headers=headers, timeout=10) as client:
        yield client


def _new_call(sim: Simulator, client: httpx.Client, call_id: str) -> httpx.Response:
    event = {"event": "newCall", "direction": "in", "callId": call_id, "from": "1234567", "to": "1"}
    return client.post(f"/api/v1/cti/{sim.cti_token}", json=event)


def test_it_answers_over_the_network_with_its_own_date() -> None:
    sim = Simulator(clock=lambda: 1_800_000_000.0)
    with running(sim) as url:
        answer = httpx.get(url + ME, headers={"Authorization": f"Token token={sim.tokens.service}"})
    assert answer.json()["login"] == "sidecar@example.com"
    assert parsedate_to_datetime(answer.headers["date"]).timestamp() == 1_800_000_000.0


def test_it_can_stop_and_start_again_on_the_same_port() -> None:
    sim = Simulator()
    with running(sim) as url:
        _new_call_at(sim, url, "c-1")
    with pytest.raises(httpx.ConnectError):
        _new_call_at(sim, url, "c-2")
    with running(sim, port=httpx.URL(url).port or 0) as again:
        assert again == url
        _new_call_at(sim, url, "c-3")
    assert [row["call_id"] for row in sim.call_log] == ["c-3", "c-1"]


def _new_call_at(sim: Simulator, url: str, call_id: str) -> None:
    with httpx.Client(base_url=url) as client:
        assert _new_call(sim, client, call_id).status_code == 200


def test_refused_connections_come_back_with_clear(sim: Simulator, client: httpx.Client) -> None:
    assert client.get(ME).status_code == 200
    sim.faults.refuse()
    with pytest.raises(httpx.ConnectError):
        client.get(ME)
    sim.faults.clear()
    assert client.get(ME).status_code == 200


def test_a_lost_answer_leaves_its_work_done(sim: Simulator, client: httpx.Client) -> None:
    sim.faults.lose_answers(path="/api/v1/cti/")
    with pytest.raises(httpx.RemoteProtocolError):
        _new_call(sim, client, "c-1")
    assert client.get(ME).status_code == 200
    sim.faults.clear()
    assert _new_call(sim, client, "c-1").json()["error"] == "Object already exists!"
    assert [(each.method, each.status) for each in sim.requests] == [("POST", 200), ("GET", 200), ("POST", 500)]


def test_a_failure_is_counted_down_and_does_nothing(sim: Simulator, client: httpx.Client) -> None:
    sim.faults.next(2).fail(503, headers={"Retry-After": "7"})
    answers = [_new_call(sim, client, f"c-{number}") for number in range(3)]
    assert [each.status_code for each in answers] == [503, 503, 200]
    assert answers[0].headers["retry-after"] == "7"
    assert [row["call_id"] for row in sim.call_log] == ["c-2"]


def test_a_hanging_request_never_does_its_work(sim: Simulator, client: httpx.Client) -> None:
    sim.faults.hang()
    with pytest.raises(httpx.ReadTimeout):
        client.get(ME, timeout=0.05)
    sim.faults.clear()
    assert client.get(ME).status_code == 200


def test_a_slow_answer_arrives_in_the_end(sim: Simulator, client: httpx.Client) -> None:
    sim.faults.slow(0.1)
    with pytest.raises(httpx.ReadTimeout):
        client.get(ME, timeout=0.01)
    assert client.get(ME).status_code == 200


def test_stopping_does_not_wait_for_hanging_requests() -> None:
    sim = Simulator()
    sim.faults.hang()
    with running(sim) as url, pytest.raises(httpx.ReadTimeout):
        httpx.get(url + ME, timeout=0.05)


@pytest.mark.anyio
async def test_in_process_a_lost_answer_is_a_504(sim: Simulator, service: httpx.AsyncClient) -> None:
    sim.faults.next(1).lose_answers()
    assert (await service.get(ME)).status_code == 504
    sim.faults.refuse()
    assert (await service.get(ME)).status_code == 503
    sim.faults.clear()
    assert (await service.get(ME)).status_code == 200


@pytest.mark.anyio
async def test_many_calls_at_once_make_one_row_each(sim: Simulator, url: str) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        events = [
            {"event": "newCall", "direction": "in", "callId": f"c-{number}", "from": "1234567", "to": "1"}
            for number in range(100)
        ]
        answers = await asyncio.gather(*(client.post(f"/api/v1/cti/{sim.cti_token}", json=each) for each in events))
    assert {each.status_code for each in answers} == {200}
    assert len({row["call_id"] for row in sim.call_log}) == 100
