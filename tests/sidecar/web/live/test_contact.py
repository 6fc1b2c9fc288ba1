"""Whether Zammad answers, as open pages are told."""

from __future__ import annotations

import pytest

from sidecar.store.database import Database
from sidecar.store.replicas.snapshots import save_snapshot
from sidecar.sync.kept import SETTINGS
from sidecar.web.live.contact import Contact
from tests.sidecar.store.calls.saved_calls import JANE
from tests.sidecar.web.service import Service

EVERY = 10.0


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def polled(database: Database, now: float) -> None:
    with database.writing() as connection:
        save_snapshot(connection, SETTINGS, {}, now)


@pytest.mark.anyio
async def test_a_silence_is_told_once_and_so_is_its_end(database: Database) -> None:
    clock = Clock()
    contact = Contact(database=database, clock=clock, every=EVERY)
    polled(database, 1_000.0)
    clock.now = 1_020.0  # one slow answer
    assert not await contact.look()
    clock.now = 1_026.0
    assert await contact.look()
    assert contact.lost_since == 1_000.0
    clock.now = 1_031.0
    assert not await contact.look()
    polled(database, 1_032.0)
    assert await contact.look()
    assert not contact.lost_since


@pytest.mark.anyio
async def test_a_service_that_was_away_itself_says_nothing_at_first(database: Database) -> None:
    polled(database, 0.0)
    clock = Clock()
    contact = Contact(database=database, clock=clock, every=EVERY)
    assert not await contact.look()
    clock.now += EVERY + 16.0
    assert await contact.look()
    assert contact.lost_since == 0.0


@pytest.mark.anyio
async def test_where_nothing_was_read_yet_nothing_is_lost(database: Database) -> None:
    clock = Clock()
    contact = Contact(database=database, clock=clock, every=EVERY)
    clock.now += 3600.0
    assert not await contact.look()


def test_pages_say_since_when_zammad_has_not_answered(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        assert 'id="zammad-lost" hidden' in browser.get("/").text
        assert service.live
        service.live.contact.lost_since = service.clock() - 600
        page = browser.get("/missed").text
    assert 'id="zammad-lost" hidden' not in page
    assert "Zammad cannot be reached since" in page
