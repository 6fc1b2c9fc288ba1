"""A message in the callback ticket of its call: sound and text, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import insert

from sidecar.sipgate.attachments import Attachments
from sidecar.store.calls.voicemails import Voicemail, keep_voicemails
from sidecar.store.database import Database
from sidecar.store.missed.callbacks.tables import callback_calls, callbacks
from sipgate_client import SipgateError
from sipgate_client.simulator import SimulatedSipgate
from tests.sidecar.follow_up.folding import START
from tests.sidecar.store.calls.saved_calls import Seed, add_calls
from tests.sipgate_client.accounts import asked
from zammad_client import Zammad
from zammad_client.errors import ZammadError
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio

SOUND = b"ID3 hello"


def callback_with(database: Database, ticket_id: int, message: Voicemail) -> None:
    with database.writing() as connection:
        [call] = add_calls(connection, Seed(), now=START)
        assert call == message.conversation_id
        row = {
            "id": 1,
            "key": "k",
            "caller": "n:49301234567",
            "number": "49301234567",
            "group_id": 1,
            "group_name": "",
            "line": "",
            "phase": "open",
            "due_at": 0.0,
            "quiet_until": 0.0,
            "heard_until": 0.0,
            "talk_told": False,
            "merged": False,
            "articles": 1,
            "ticket_id": ticket_id,
            "ticket_ended": False,
            "attempts": 0,
            "changed_at": 0.0,
        }
        connection.execute(insert(callbacks).values(**row))
        part = {"conversation_id": call, "callback_id": 1, "told": True, "talk": False}
        connection.execute(insert(callback_calls).values(**part))
        keep_voicemails(connection, [message])


@asynccontextmanager
async def with_a_message(
    database: Database, sound: bytes | None = SOUND
) -> AsyncIterator[tuple[SimulatedSipgate, Simulator, Attachments]]:
    sipgate, sim = SimulatedSipgate(), Simulator()
    ticket = sim.add_ticket(6, title="Missed call")
    with running(sim) as url:
        zammad = Zammad(url=url, token=sim.tokens.service)
        async with asked(sipgate) as client:
            entry = sipgate.add_voicemail(sound, base_url=client._url.removesuffix("/v2"))
            message = Voicemail(
                conversation_id=1, entry_id=entry["id"], seconds=18.0, transcript="030 1234567", has_recording=True
            )
            callback_with(database, ticket["id"], message)
            yield (
                sipgate,
                sim,
                Attachments(
                    sipgate=client, zammad=zammad, database=database, language="en", clock=lambda: START + 60.0
                ),
            )
        await zammad.aclose()


def articles(sim: Simulator) -> list[dict[str, Any]]:
    return [dict(write.changes) for write in sim.writes if write.path.endswith("ticket_articles")]


@pytest.mark.parametrize(
    ("sound", "attached"), [(SOUND, True), (None, False), (bytes(9 << 20), False)], ids=["sound", "gone", "too large"]
)
async def test_a_message_is_added_once_with_its_sound_or_the_reason_why_not(
    database: Database, sound: bytes | None, *, attached: bool
) -> None:
    async with with_a_message(database, sound) as (_, sim, attachments):
        await attachments.attach()
        await attachments.attach()
    [article] = articles(sim)
    assert (article["internal"], article["type"]) == (True, "note")
    assert "Voicemail, 0:18" in article["body"].replace("\u2068", "").replace("\u2069", "")
    assert ("attachments" in article) is attached
    assert ("not attached" in article["body"]) is not attached
    assert "secret-" not in str(article)


async def test_a_zammad_that_is_down_gets_the_message_once_it_is_back(database: Database) -> None:
    async with with_a_message(database) as (_, sim, attachments):
        sim.faults.fail(503, path="/api/v1/ticket_articles")
        with pytest.raises(ZammadError):
            await attachments.attach()
        sim.faults.clear()
        await attachments.attach()
        await attachments.attach()
    assert len(articles(sim)) == 1


@pytest.mark.parametrize(("is_refused", "written"), [(True, 0), (False, 1)], ids=["refused", "answer lost"])
async def test_what_zammad_refuses_or_may_have_taken_is_not_sent_again(
    database: Database, *, is_refused: bool, written: int
) -> None:
    async with with_a_message(database) as (_, sim, attachments):
        plant = sim.faults.refuse_masked if is_refused else sim.faults.lose_answers
        plant(path="/api/v1/ticket_articles")
        with pytest.raises(ZammadError):
            await attachments.attach()
        sim.faults.clear()
        await attachments.attach()
    assert len(articles(sim)) == written


@pytest.mark.parametrize("status", [401, 403, 503])
async def test_a_sipgate_that_gives_nothing_now_is_asked_again_later(database: Database, status: int) -> None:
    async with with_a_message(database) as (sipgate, sim, attachments):
        sipgate.faults.fail(status, path="/history")
        with pytest.raises(SipgateError):
            await attachments.attach()
        assert not articles(sim)
