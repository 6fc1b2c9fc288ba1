"""A message played through the sidecar, for whoever may see its call, and its link nowhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from sidecar.store.calls.voicemails import Voicemail
from sidecar.store.missed.voicemails import note_voicemails
from sipgate_client.simulator import SimulatedSipgate
from sipgate_client.simulator.server import running
from tests.service import prepared
from tests.sidecar.web.admin.admins import JANE, Desk, desk_of
from tests.sipgate_client.accounts import environ_of_account
from tests.waiting import until
from zammad_client.simulator import Simulator

pytestmark = pytest.mark.anyio

SOUND = b"ID3" + bytes(range(200))


@asynccontextmanager
async def with_a_message(sipgate: SimulatedSipgate, database_url: str, sound: bytes | None) -> AsyncIterator[Desk]:
    """Left in Jane's call number 1, which she missed."""
    with running(sipgate) as url:
        entry = sipgate.add_voicemail(sound, base_url=url.removesuffix("/v2"), transcription="Bitte um Rückruf.")
        async with desk_of(JANE, database_url, sim=prepared(Simulator()), **environ_of_account(sipgate, url)) as desk:
            about = {"callId": "c-1", "from": "491713920010", "to": "4930600001"}
            await desk.service.hook(event="newCall", **about, **{"user[]": "Jane", "userId[]": "w0"})
            await desk.service.hook(event="answer", **about, user="voicemail")
            await desk.service.hook(event="hangup", **about, cause="noAnswer")
            await until(lambda: _is_missed(desk))
            message = Voicemail(
                conversation_id=1,
                entry_id=entry["id"],
                seconds=18.0,
                transcript="Bitte um Rückruf.",
                has_recording=True,
            )
            now = desk.service.sidecar._clock()
            await desk.service.sidecar.database.write(
                lambda connection: note_voicemails(connection, [message], now=now)
            )
            yield desk


async def _is_missed(desk: Desk) -> bool:
    return 'id="missed-1"' in (await desk.browser.get("/sidecar/missed")).text


async def test_a_message_is_played_in_parts_too_and_its_link_is_nowhere(sqlite_url: str) -> None:
    sipgate = SimulatedSipgate()
    async with with_a_message(sipgate, sqlite_url, SOUND) as desk:
        story = (await desk.browser.get("/sidecar/calls/1")).text
        missed = (await desk.browser.get("/sidecar/missed")).text
        for page in (story, missed):
            assert "Voicemail, 0:18" in page.replace("\u2068", "").replace("\u2069", "")
            assert "Bitte um Rückruf." in page
            assert "secret-" not in page
        whole = await desk.browser.get("/sidecar/calls/1/voicemail")
        assert (whole.status_code, whole.content, whole.headers["Content-Type"]) == (200, SOUND, "audio/mpeg")
        assert whole.headers["Cache-Control"] == "no-store"
        part = await desk.browser.get("/sidecar/calls/1/voicemail", headers={"Range": "bytes=3-9"})
        assert (part.status_code, part.content) == (206, SOUND[3:10])
        assert part.headers["Content-Range"] == f"bytes 3-9/{len(SOUND)}"
        assert (await desk.browser.get("/sidecar/calls/2/voicemail")).status_code == httpx.codes.NOT_FOUND
    kept = b"".join(file.read_bytes() for file in Path(sqlite_url.removeprefix("sqlite:///")).parent.iterdir())
    assert b"secret-" not in kept


@pytest.mark.parametrize(
    ("sound", "status", "words"),
    [(None, 404, "no such message any more"), (bytes(9 << 20), 413, "too large to be played here")],
)
async def test_what_is_gone_or_too_large_is_said(sqlite_url: str, sound: bytes | None, status: int, words: str) -> None:
    async with with_a_message(SimulatedSipgate(), sqlite_url, sound) as desk:
        answer = await desk.browser.get("/sidecar/calls/1/voicemail")
        assert answer.status_code == status
        assert words in answer.text
