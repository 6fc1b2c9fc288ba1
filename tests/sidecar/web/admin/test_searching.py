"""Every list of the admin pages is searched on the server, by the words it shows, and keeps its pages."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from sidecar.calls.reasons import as_text, as_written, because
from sidecar.store.calls.tables import outbox
from sidecar.store.pages.audit import Deed, note_deed
from sidecar.web.admin.searching import AT_ONCE, LOOKED_AT, ON_A_PAGE, fits, look_back
from sidecar.words.deeds import Concerned
from tests.sidecar.web.admin.admins import ADMIN, Desk, desk_of
from tests.sidecar.web.admin.dead_parcels import dead_parcel

pytestmark = pytest.mark.anyio

SEARCHED = ("/agents", "/deliveries", "/sync", "/check", "/audit", "/sessions", "/hooks", "/refused")
STRANGE = ("%", "_", "'", '"', "\\", "  ", "x" * 1000, "محمد", "<b>", "🙂")


@dataclass(frozen=True)
class Numbered:
    id: int


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("", ""),
        ("jane", "Jane Doe"),
        ("DOE jane", "Jane Doe"),
        ("müller", "Otto Mueller"),
        ("mueller", "Otto Müller"),
        ("nunez", "Núñez"),
        ("030 123456", "4930123456"),
        ("+49 (0)30 / 12 34 56", "4930123456"),
    ],
)
def test_a_row_fits_by_all_words_in_any_order_and_by_a_number_in_any_spelling(wanted: str, said: str) -> None:
    assert fits(wanted, said, country="DE")
    assert fits(f"  {wanted} ", said, country="DE")


@pytest.mark.parametrize("wanted", ["%", "_", "jane max", "030 999999", "12"])
def test_other_rows_do_not_fit(wanted: str) -> None:
    assert not fits(wanted, "Jane Doe", "4930123456".replace("12", "99"), country="DE")


def test_looking_back_pages_through_everything_once_and_is_bounded() -> None:
    rows = [Numbered(number) for number in range(2 * LOOKED_AT, 0, -1)]
    asked: list[int] = []

    def read(before: int | None, most: int) -> list[Numbered]:
        asked.append(most)
        return [row for row in rows if before is None or row.id < before][:most]

    seen: list[int] = []
    before: int | None = None
    while True:
        found = look_back(read, lambda row: row.id % 7 == 0, before)
        assert len(found.rows) <= ON_A_PAGE
        seen += [row.id for row in found.rows]
        before = found.older
        if before is None:
            break
    assert seen == [row.id for row in rows if row.id % 7 == 0]
    asked.clear()
    nothing = look_back(read, lambda _row: False, None)
    assert not nothing.rows
    assert nothing.older == LOOKED_AT + 1
    assert sum(asked) == LOOKED_AT == len(asked) * AT_ONCE


async def test_whatever_is_looked_for_every_list_answers_and_shows_it_in_its_field(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        for path in SEARCHED:
            for wanted in STRANGE:
                answer = await desk.browser.get(f"/sidecar/admin{path}", params={"q": wanted})
                assert answer.status_code == 200, (path, wanted)
                assert 'type="search" name="q"' in answer.text, path
                assert "<b>" not in answer.text.partition('name="q"')[2][:200]


async def test_agents_sessions_and_findings_are_narrowed_by_what_they_show(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        assert "Max Roe" not in await desk.page("/agents?q=jane")
        assert "Jane Doe" in await desk.page("/agents?q=DOE+jane")
        assert "Nothing found." in await desk.page("/sessions?q=nobody")
        assert "this one" in await desk.page("/sessions?q=admin")
        findings = await desk.page("/check?q=jane", part=True)
        assert findings.count('<li class="') == 1
        assert 'value="jane"' in findings


async def test_the_audit_keeps_its_search_from_page_to_page(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        with desk.service.sidecar.database.writing() as connection:
            for number in range(ON_A_PAGE + 20):
                subject = because(Concerned.SESSION, name=f"Person {number:03}", user_id=number)
                note_deed(connection, Deed(at=0.0, user_id=ADMIN, name="Ada", what="session_ended", subject=subject))
        first = await desk.page("/audit?q=person+session")
        assert "Person 119" in first
        assert "Person 019" not in first
        assert "?q=person+session&amp;before=21" in first or "q=person%20session&amp;before=21" in first
        assert "Person 019" in await desk.page("/audit?q=person+session&before=21")
        assert "Person 118" not in await desk.page("/audit?q=person+119")


async def test_a_waiting_delivery_says_why_and_until_when(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        number = await dead_parcel(desk)
        await all_wait(desk, due_in=3600.0)
        page = await desk.page("/deliveries")
        assert "is tried again at " in page
        assert f"waits for no. {number} of the same call" in page
        assert "Nothing found." in await desk.page("/deliveries?q=089+999999")
        assert "is tried again at " in await desk.page("/deliveries?q=030+123+45+67")
        german = await desk.browser.get("/sidecar/admin/deliveries", headers={"Accept-Language": "de"})
        assert "erneut versucht" in german.text


async def all_wait(desk: Desk, *, due_in: float) -> None:
    database = desk.service.sidecar.database
    with database.writing() as connection:
        first = connection.execute(select(outbox.c.id).order_by(outbox.c.id).limit(1)).scalar_one()
        later = {"state": "pending", "due_at": time.time() + due_in, "claimed_until": None}
        connection.execute(update(outbox).values(**later, note=None))
        failed = {"note": as_text(as_written("HTTP 502"))}
        connection.execute(update(outbox).where(outbox.c.id == first).values(**failed))
