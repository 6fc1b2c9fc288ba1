"""The service as a whole: from the hook to what an agent sees, and what happens when Zammad is not there."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from sidecar.calls.reasons import because
from sidecar.cli import run
from sidecar.codes.readiness import Lacking
from sidecar.store.database import Database
from sidecar.store.journal.hooks import recent_hooks
from tests.sentences import said_by
from tests.service import prepared, serving, until_ready
from tests.sipgate_recordings import recorded_hooks
from tests.waiting import until
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio


@pytest.fixture
def sim() -> Simulator:
    return prepared(Simulator())


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


async def test_the_agent_who_picks_up_sees_the_customer(sim: Simulator, url: str, database_url: str) -> None:
    async with serving(url, database_url, sim) as service:
        await until_ready(service)
        await service.hook(
            **{"event": "newCall", "callId": "c-1", "from": "49301234567", "to": "4930600001", "userId[]": "w0"}
        )
        await service.hook(
            **{"event": "answer", "callId": "c-1", "from": "49301234567", "to": "4930600001", "userId": "w0"}
        )
        await until(lambda: sim.opened)
    (opened,) = sim.opened
    assert (opened.agent_id, opened.customer_id) == (4, 6)


async def test_every_recorded_hook_is_answered_and_kept(sim: Simulator, url: str, database_url: str) -> None:
    async with serving(url, database_url, sim) as service:
        await until_ready(service)
        for hook in recorded_hooks():
            answer = await service.post(hook.body, direction=hook.direction, content_type=hook.content_type)
            assert answer.status_code == 200, hook.name
            assert ET.fromstring(answer.content).tag == "Response", hook.name  # noqa: S314 - our own answer
    database = Database(database_url)
    with database.reading() as connection:
        kept = recent_hooks(connection, limit=100)
    database.close()
    assert sorted(hook.body for hook in kept) == sorted(hook.body for hook in recorded_hooks())


async def test_before_zammad_was_ever_reached_the_phone_is_answered_and_ready_says_why(
    sim: Simulator, url: str, sqlite_url: str
) -> None:
    sim.faults.refuse()
    async with serving(url, sqlite_url, sim) as service:
        answer = await service.hook(event="newCall", callId="c-1")
        assert (answer.status_code, answer.text.endswith("<Response/>\n") or answer.text) == (200, "<Response/>")
        ready = await service.client.get("/readyz")
        assert ready.status_code == 503
        await until(lambda: service.sidecar._sync.zammad_problem != because(Lacking.NOT_ASKED))
        assert "Zammad" in (await service.client.get("/readyz")).json()["checks"]["rules"]
        sim.faults.clear()
        await until_ready(service)


async def test_after_a_restart_without_zammad_the_saved_rules_hold(sim: Simulator, url: str, database_url: str) -> None:
    async with serving(url, database_url, sim) as service:
        await until_ready(service)
    sim.faults.refuse()
    async with serving(url, database_url, sim) as service:
        assert (await service.client.get("/readyz")).status_code == 200
        answer = await service.hook(**{"event": "newCall", "callId": "c-1", "from": "498912345", "to": "4930600001"})
    assert '<Reject reason="busy"' in answer.text


async def test_calls_during_an_outage_appear_once_each_afterwards(sim: Simulator, url: str, database_url: str) -> None:
    async with serving(url, database_url, sim) as service:
        await until_ready(service)
        sim.faults.refuse()
        for number in range(20):
            await service.call(f"c-{number}")
        assert sim.call_log == []
        sim.faults.clear()
        await until(lambda: [row["state"] for row in sim.call_log] == ["hangup"] * 20)
    assert len({row["call_id"] for row in sim.call_log}) == 20
    assert sim.opened == [], "the calls had ended long ago"


async def test_switched_off_in_zammad_a_known_call_is_completed_and_nothing_opens(
    sim: Simulator, url: str, sqlite_url: str
) -> None:
    about = {"callId": "c-1", "from": "49301234567", "to": "4930600001"}
    async with serving(url, sqlite_url, sim) as service:
        await until_ready(service)
        await service.hook(event="newCall", **about, **{"userId[]": "w0"})
        await until(lambda: sim.call_log)
        sim.settings["sipgate_integration"] = False
        await until(lambda: service.sidecar.rules.rules and not service.sidecar.rules.rules.enabled)
        await service.hook(event="newCall", **{**about, "callId": "c-2"})
        await service.hook(event="answer", **about, user="Jane Doe", userId="w0")
        await service.hook(event="hangup", **about, cause="normalClearing")
        await until(lambda: sim.call_log[0]["state"] == "hangup")
    assert sim.opened == []
    assert [row["call_id"] for row in sim.call_log] == ["c-1"]


async def test_recent_logs_show_payload_and_answer_without_the_token(sim: Simulator, url: str, sqlite_url: str) -> None:
    async with serving(url, sqlite_url, sim) as service:
        await until_ready(service)
        await service.hook(**{"event": "newCall", "callId": "c-1", "from": "498912345", "to": "4930600001"})
        await until(lambda: sim.http_logs)
    (entry,) = sim.http_logs
    assert "from=498912345" in entry["request"]["content"]
    assert "Reject" in entry["response"]["content"]
    assert sim.sipgate_token not in str(entry)


async def test_a_customer_created_a_moment_ago_is_found(sim: Simulator, url: str, sqlite_url: str) -> None:
    async with serving(url, sqlite_url, sim, {"SIDECAR_SYNC__CHANGES_EVERY": "600"}) as service:
        await until_ready(service)
        sim.add_user("Nina", "Neu", phone="030/5551234")
        await service.hook(**{"event": "newCall", "callId": "c-1", "from": "49305551234", "to": "4930600001"})

        def identified() -> bool:
            from sqlalchemy import select  # noqa: PLC0415

            from sidecar.store.calls.tables import conversations  # noqa: PLC0415

            with service.sidecar.database.reading() as connection:
                found = connection.execute(select(conversations.c.identified_as)).scalars().all()
            return "phone of Nina Neu" in map(said_by, found)

        await until(identified)


async def test_blocked_callers_are_shown_in_zammads_log_only_if_wanted(
    sim: Simulator, url: str, sqlite_url: str
) -> None:
    async with serving(url, sqlite_url, sim, {"SIDECAR_CALLS__LOG_BLOCKED_CALLS": "true"}) as service:
        await until_ready(service)
        await service.hook(**{"event": "newCall", "callId": "c-1", "from": "498912345", "to": "4930600001"})
        await until(lambda: [row["state"] for row in sim.call_log] == ["hangup"])
    (row,) = sim.call_log
    assert (row["to_comment"], row["done"]) == ("blocked", True)
    assert row["comment"].startswith("blocked: spam")


async def test_hooks_show_says_why_no_dialog_opened(
    sim: Simulator, url: str, sqlite_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(url, sqlite_url, sim) as service:
        await until_ready(service)
        await service.call("c-1", user_id="w7", user="Somebody Else")
        await until(lambda: [row["state"] for row in sim.call_log] == ["hangup"])
    monkeypatch.setenv("SIDECAR_ZAMMAD__URL", url)
    monkeypatch.setenv("SIDECAR_ZAMMAD__TOKEN", "any")
    monkeypatch.setenv("SIDECAR_DATABASE__URL", sqlite_url)
    assert run(["hooks", "show", "1", "--json"]) == 0
    assert "no agent has this sipgate user" in capsys.readouterr().out
