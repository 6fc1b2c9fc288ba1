"""What sipgate's own interface adds to the pages, in a real browser: calling with a click, a message played."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from sidecar.sipgate.people import People, Phone, keep_people
from sidecar.store.calls.voicemails import Voicemail
from sidecar.store.database import Database
from sidecar.store.missed.voicemails import note_voicemails
from sipgate_client.records import Kind
from sipgate_client.simulator import SimulatedSipgate
from sipgate_client.simulator.server import running
from tests.machine import needs_chromium
from tests.sidecar.calls.rules.rule_settings import rules_of_config
from tests.sidecar.store.calls.saved_calls import missed
from tests.sidecar.web.browsers import page_of
from tests.sidecar.web.service import Service, Wanted, service_running
from tests.sipgate_client.accounts import environ_of_account

pytestmark = needs_chromium

PHONES = (Phone(id="e0", alias="Nina desk", type="REGISTER"), Phone(id="y0", alias="Nina mobile", type="MOBILE"))
PEOPLE = People(kind=Kind.CLASSIC, master_sip_id="1234567", persons=(), phones={"w0": PHONES})
NUMBER = "/dial?number=%2B491713920010&ticket=12"
PLAYED = """audio => new Promise((resolve) => {
    audio.onloadedmetadata = () => resolve(audio.duration)
    audio.onerror = () => resolve(0)
    audio.preload = "metadata"
})"""


@pytest.fixture
def account() -> SimulatedSipgate:
    return SimulatedSipgate()


@pytest.fixture
def wanted(account: SimulatedSipgate) -> Iterator[Wanted]:
    with running(account) as url:
        yield Wanted(environ=environ_of_account(account, url))


@pytest.fixture
def service(database: Database, wanted: Wanted) -> Iterator[Service]:
    """Jane is sipgate's w0."""
    with service_running(database, wanted) as service:
        with database.writing() as connection:
            keep_people(connection, PEOPLE, service.clock())
        service.rules.rules = rules_of_config({"user_remote_map": [{"remote_user_id": "w0", "user_id": "4"}]})
        yield service


def test_a_click_asks_first_and_dials_once_whatever_is_pressed_afterwards(
    chromium: Browser, service: Service, account: SimulatedSipgate
) -> None:
    with page_of(chromium, service) as page:
        page.goto(service.url + NUMBER)
        expect(page.get_by_role("heading", name="Call +49 171 3920010?")).to_be_visible()
        assert not account.calls
        page.get_by_label("Telephone").select_option("y0")
        page.locator("form.line button").dblclick()
        expect(page.get_by_text("rings: pick it up")).to_be_visible()
        page.reload()
        expect(page.get_by_text("rings: pick it up")).to_be_visible()
        page.go_back()
        expect(page.get_by_role("heading", name="Call +49 171 3920010?")).to_be_visible()
        assert [(call["device"], call["callee"]) for call in account.calls] == [("y0", "+491713920010")]
        page.goto(service.url + "/dial?number=030 1234567")
        expect(page.get_by_label("Telephone")).to_have_value("y0")


def test_two_windows_are_two_wishes_and_an_emergency_number_is_none(
    chromium: Browser, service: Service, account: SimulatedSipgate
) -> None:
    with page_of(chromium, service) as page:
        page.goto(service.url + "/dial?number=112")
        expect(page.get_by_role("alert")).to_contain_text("is an emergency number")
        expect(page.locator("form.line")).to_have_count(0)
        for count in (1, 2):
            page.goto(service.url + NUMBER)
            page.get_by_label("Telephone").select_option("e0")
            page.locator("form.line button").click()
            expect(page.get_by_text("rings: pick it up")).to_be_visible()
            assert len(account.calls) == count


def sound() -> bytes:
    """One second of silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(16000))
    return file.getvalue()


def leave_message(service: Service, account: SimulatedSipgate, wanted: Wanted, content: bytes | None) -> None:
    base = wanted.environ["SIDECAR_SIPGATE__API__URL"].removesuffix("/v2")
    entry = account.add_voicemail(content, base_url=base)
    message = Voicemail(
        conversation_id=1, entry_id=entry["id"], seconds=18.0, transcript="Bitte um Rückruf.", has_recording=True
    )
    service.calls(missed())
    with service.database.writing() as connection:
        note_voicemails(connection, [message], now=service.clock())


def test_a_message_is_played_in_the_page(
    chromium: Browser, service: Service, account: SimulatedSipgate, wanted: Wanted
) -> None:
    leave_message(service, account, wanted, sound())
    with page_of(chromium, service) as page:
        page.goto(service.url + "/calls/1")
        expect(page.get_by_text("Bitte um Rückruf.")).to_be_visible()
        assert page.locator("audio").evaluate(PLAYED) == 1
        expect(page.locator(".unplayed")).to_be_hidden()


@pytest.mark.parametrize(
    ("content", "words"), [(None, "no such message any more"), (bytes(9 << 20), "too large to be played here")]
)
def test_why_a_message_cannot_be_played_is_said(
    chromium: Browser, service: Service, account: SimulatedSipgate, wanted: Wanted, *, content: bytes | None, words: str
) -> None:
    leave_message(service, account, wanted, content)
    with page_of(chromium, service) as page:
        page.goto(service.url + "/calls/1")
        page.locator("audio").evaluate(PLAYED)
        page.get_by_role("link", name="why not").click()
        expect(page.get_by_text(words)).to_be_visible()
