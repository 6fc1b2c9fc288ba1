"""What sipgate's own interface adds to the pages, in a real browser: calling with a click, a message played."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from sidecar.sipgate.people import People, Phone, keep_people
from sidecar.store.calls.voicemails import Voicemail
from sidecar.store.missed.voicemails import note_voicemails
from sipgate_client.records import Kind
from sipgate_client.simulator import SimulatedSipgate
from sipgate_client.simulator.server import running
from tests.machine import needs_chromium
from tests.sidecar.calls.rules.rule_settings import rules_of_config
from tests.sidecar.store.calls.saved_calls import JANE, LINE, MAX, add_person, missed
from tests.sidecar.web.browsers import open_live, page_of
from tests.sidecar.web.findings import AXE, CUT_OFF, serious_findings
from tests.sidecar.web.service import Service, Wanted
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
def service(service: Service) -> Service:
    """Jane is sipgate's w0."""
    with service.database.writing() as connection:
        keep_people(connection, PEOPLE, service.clock())
    service.rules.rules = rules_of_config({"user_remote_map": [{"remote_user_id": "w0", "user_id": "4"}]})
    return service


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


@pytest.mark.parametrize("path", ["/", "/calls/1", "/missed"])
def test_from_a_call_a_card_a_missed_entry_the_number_leads_to_the_page_that_asks(
    chromium: Browser, service: Service, account: SimulatedSipgate, path: str
) -> None:
    with service.database.writing() as connection:
        add_person(connection, 6, "Erika Mustermann")
    service.calls(missed(person_id=6, agents=[JANE], started_at=service.clock() - 60))
    with page_of(chromium, service) as page:
        page.goto(service.url + path)
        links = page.get_by_role("link", name="Call +49 171 3920010")
        expect(links.first).to_be_visible()
        for number in range(links.count()):
            links.nth(number).click()
            expect(page.get_by_role("heading", name="Call +49 171 3920010?")).to_be_visible()
            assert page.locator('input[name="missed"]').count() == (path == "/missed")
            page.go_back()
            expect(links.first).to_be_visible()
    assert not account.calls


def test_a_telephone_is_chosen_once_and_then_it_takes_one_key(
    chromium: Browser, service: Service, account: SimulatedSipgate
) -> None:
    with page_of(chromium, service, locale="de-DE") as page:
        page.goto(service.url + NUMBER)
        expect(page.get_by_role("combobox", name="Telefon")).to_have_value("")
        page.get_by_role("combobox", name="Telefon").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Nina desk klingelt: Sobald Sie abheben, wird die Nummer angerufen.")).to_be_visible()
        expect(page.get_by_role("link", name="Ticket")).to_be_visible()
        page.goto(service.url + "/dial?number=%2B49301234567")
        expect(page.get_by_role("combobox", name="Telefon")).to_have_value("e0")
        page.get_by_role("button", name="Anrufen").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Nina desk klingelt")).to_be_visible()
    assert [(call["device"], call["callee"]) for call in account.calls] == [
        ("e0", "+491713920010"),
        ("e0", "+49301234567"),
    ]


def test_what_sipgate_refuses_is_said_and_rings_nowhere(
    chromium: Browser, service: Service, account: SimulatedSipgate
) -> None:
    account.scopes = frozenset({"users:read"})
    with page_of(chromium, service) as page:
        page.goto(service.url + NUMBER)
        page.get_by_label("Telephone").select_option("e0")
        page.locator("form.line button").click()
        expect(page.get_by_role("alert")).to_contain_text("sipgate has refused the call: insufficient scope")
        page.get_by_role("link", name="Try again").click()
        expect(page.get_by_role("heading", name="Call +49 171 3920010?")).to_be_visible()
        expect(page.locator('input[name="ticket"]')).to_have_value("12")
    assert not account.calls


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


def test_a_message_is_played_with_the_keyboard_among_the_missed_calls(
    chromium: Browser, service: Service, account: SimulatedSipgate, wanted: Wanted
) -> None:
    leave_message(service, account, wanted, sound())
    with page_of(chromium, service, locale="de-DE") as page:
        page.goto(service.url + "/missed")
        player = page.get_by_label("Sprachnachricht, 0:18")
        player.evaluate("audio => { audio.onplaying = () => (audio.dataset.played = 'yes') }")
        player.focus()
        page.keyboard.press("Space")
        expect(page.locator('audio[data-played="yes"]')).to_be_attached()
        expect(page.get_by_text("Bitte um Rückruf.")).to_be_visible()


def test_a_message_of_a_call_that_one_may_not_see_is_not_there(
    chromium: Browser, service: Service, account: SimulatedSipgate, wanted: Wanted
) -> None:
    service.filter_log((LINE, [JANE]))
    service.refresh_rights()
    leave_message(service, account, wanted, sound())
    asked = len(account.requests)
    with page_of(chromium, service, MAX) as page:
        page.goto(service.url + "/missed")
        expect(page.get_by_text("Nobody is waiting for a call back.")).to_be_visible()
        for path in ("/calls/1", "/calls/1/voicemail"):
            answer = page.goto(service.url + path)
            assert answer
            assert answer.status == 404, path
    assert len(account.requests) == asked


@pytest.mark.parametrize(
    ("language", "content", "why", "words"),
    [
        ("en-GB", None, "why not", "There is no such message any more."),
        ("en-GB", bytes(9 << 20), "why not", "This message is too large to be played here. Listen to it at sipgate."),
        ("de-DE", None, "warum nicht", "Diese Nachricht gibt es nicht mehr."),
        ("de-DE", bytes(9 << 20), "warum nicht", "Diese Nachricht ist zu groß, um hier abgespielt zu werden."),
    ],
)
def test_why_a_message_cannot_be_played_is_said(
    chromium: Browser,
    service: Service,
    account: SimulatedSipgate,
    wanted: Wanted,
    *,
    language: str,
    content: bytes | None,
    why: str,
    words: str,
) -> None:
    leave_message(service, account, wanted, content)
    with page_of(chromium, service, locale=language) as page:
        page.goto(service.url + "/calls/1")
        page.locator("audio").evaluate(PLAYED)
        page.get_by_role("link", name=why).click()
        expect(page.get_by_text(words)).to_be_visible()


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
def test_at_every_width_nothing_is_cut_off_and_axe_finds_nothing_serious(
    chromium: Browser, service: Service, account: SimulatedSipgate, wanted: Wanted, *, language: str
) -> None:
    leave_message(service, account, wanted, None)
    with page_of(chromium, service, locale=language, bypass_csp=True) as page:
        page.goto(service.url + NUMBER)
        page.locator("select[name=phone]").select_option("e0")
        page.locator("form.line button").click()
        expect(page.locator("form.line")).to_have_count(0)
        rings = page.url.removeprefix(service.url)
        for path in (NUMBER, rings, "/dial?number=112", "/calls/1", "/missed"):
            open_live(page, service, path)
            page.add_script_tag(path=AXE)
            for player in page.locator("audio").all():
                player.evaluate(PLAYED)
            for width in (380, 768, 1280, 1920):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate(CUT_OFF) == [], (path, width)
            assert serious_findings(page) == [], path
