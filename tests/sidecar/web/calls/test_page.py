"""The list of calls and the page of one call."""

from __future__ import annotations

import re

from sidecar.calls.identification import Recognised
from sidecar.calls.reasons import as_json, as_text, because
from sidecar.calls.rules.block_list import Blocked
from tests.sidecar.store.calls.saved_calls import JANE, NOON, Seed, add_organization, add_person, missed, talked
from tests.sidecar.web.office import story_of
from tests.sidecar.web.service import Service


def test_a_row_links_to_the_person_a_new_ticket_and_the_telephone(service: Service) -> None:
    with service.database.writing() as connection:
        add_organization(connection, 2, "Bäckerei Müller")
        add_person(connection, 7, "Otto Müller", 2)
    (call,) = service.calls(talked(person_id=7, organization_id=2, extra={"story": story_of(NOON)}))
    with service.signed_in(JANE) as browser:
        row, story = browser.get("/").text, browser.get(f"/calls/{call}").text
    assert "Otto Müller" in row
    assert 'href="tel:+491713920010"' in row
    assert 'href="/sidecar/go?customer=7&amp;new=1"' in row
    assert 'href="/sidecar/go?customer=7"' in story
    told = [
        "Ringing at Max Roe",
        "Forwarded",
        "Ringing at Jane Doe, Lea Kern",
        "Jane Doe picks up after 8 secs",
        "Ended",
    ]
    places = [story.index(words) for words in told]
    assert places == sorted(places)


def test_the_list_goes_on_until_its_end(service: Service) -> None:
    service.calls(*(missed(number=f"49301{number:05}", started_at=NOON + number) for number in range(120)))
    with service.signed_in(JANE) as browser:
        seen = []
        text = browser.get("/").text
        while True:
            seen += re.findall(r'id="call-(\d+)"', text)
            further = re.search(r'hx-get="/sidecar(/\?[^"]*before=\d+)"', text)
            if not further:
                break
            text = browser.get(further[1].replace("&amp;", "&"), headers={"HX-Request": "true"}).text
    assert [int(number) for number in seen] == list(range(120, 0, -1))


def test_the_address_of_older_calls_is_a_whole_page_unless_htmx_asks(service: Service) -> None:
    service.calls(*(missed(number=f"49301{number:05}", started_at=NOON + number) for number in range(120)))
    with service.signed_in(JANE) as browser:
        page = browser.get("/?q=0301&before=71").text
        part = browser.get("/?q=0301&before=71", headers={"HX-Request": "true"}).text
        back = browser.get("/?before=71", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}).text
        assert browser.get(f"/?before={10**30}").status_code == 200
    for whole in (page, back):
        assert whole.startswith("<!DOCTYPE html>")
        assert re.findall(r'id="call-(\d+)"', whole)[0] == "70"
        assert "topic=calls" not in whole  # calls of now have no place there
    assert 'href="/sidecar/?q=0301">Newest calls</a>' in page
    assert part.strip().startswith("<tr")
    assert re.findall(r'id="call-(\d+)"', part) == re.findall(r'id="call-(\d+)"', page)


def test_the_page_of_one_call_is_live_as_well(service: Service) -> None:
    (call,) = service.calls(talked())
    with service.signed_in(JANE) as browser:
        assert 'sse-connect="/sidecar/events?topic=other' in browser.get(f"/calls/{call}").text


def test_the_story_of_a_blocked_call_does_not_say_that_it_rang_at_anybodys(service: Service) -> None:
    leg = {
        "direction": "in", "caller": "4989", "callee": "4930", "users": ["Jane Doe"], "began_at": NOON,
        "rejected": as_json(because(Blocked.NOTED_ROW, note="spam", number="4989*")),
    }  # fmt: skip
    (call,) = service.calls(Seed(state="blocked", extra={"story": [leg]}))
    with service.signed_in(JANE) as browser:
        story = browser.get(f"/calls/{call}").text
    assert "Rejected as busy:" in story
    assert "Ringing" not in story


def test_somebody_of_a_doubtful_reading_is_perhaps_calling_and_never_named_alone(service: Service) -> None:
    who = because(Recognised.PERHAPS, who=because(Recognised.PHONE, name="Otto Müller"))
    doubtful = {"certainty": "perhaps", "identified_as": as_text(who)}
    (call,) = service.calls(missed(extra=doubtful))
    with service.signed_in(JANE) as browser:
        rows, story = browser.get("/").text, browser.get(f"/calls/{call}").text
        found, entries = browser.get("/?q=otto").text, browser.get("/missed").text
    for page in (rows, story, found, entries):
        assert "perhaps Otto Müller" in page
        assert "/go?customer=" not in page


def _several(*names: str) -> dict[str, str]:
    candidates = tuple(because(Recognised.PHONE, name=name) for name in names)
    return {"certainty": "several", "identified_as": as_text(because(Recognised.SEVERAL, candidates=candidates))}


def test_a_number_of_several_customers_names_them_in_every_list(service: Service) -> None:
    two, five = ("Otto Müller", "Erika Mustermann"), ("Ada", "Bea", "Cleo", "Dora", "Eva")
    service.calls(missed(extra=_several(*two)), missed(number="4930555", extra=_several(*five)))
    with service.signed_in(JANE) as browser:
        pages = [browser.get(address).text for address in ("/", "/missed", "/?q=dora")]
    assert "Otto Müller, Erika Mustermann" in pages[0]
    assert "Otto Müller, Erika Mustermann" in pages[1]
    assert "Otto" not in pages[2]
    for page in pages:
        assert "Ada, Bea, Cleo and 2 more" in page


def test_two_customers_of_one_name_are_two(service: Service) -> None:
    service.calls(missed(extra=_several("Otto Müller", "Otto Müller")))
    with service.signed_in(JANE) as browser:
        assert "Otto Müller, Otto Müller" in browser.get("/").text


def test_of_several_customers_one_without_a_name_is_not_left_out(service: Service) -> None:
    """Else the other would stand there as if it were certain."""
    nameless = because(Recognised.PHONE, name=because(Recognised.NO_NAME))
    who = because(Recognised.SEVERAL, candidates=(because(Recognised.PHONE, name="Otto Müller"), nameless))
    only = because(Recognised.SEVERAL, candidates=(nameless, nameless))
    service.calls(
        missed(extra={"certainty": "several", "identified_as": as_text(who)}),
        missed(number="4930555", extra={"certainty": "several", "identified_as": as_text(only)}),
    )
    with service.signed_in(JANE) as browser:
        pages = [browser.get(address).text for address in ("/", "/missed")]
        written = browser.get("/calls.csv").text
    for page in pages:
        assert page.count("Otto Müller, somebody without a name") == 1
        assert page.count("somebody without a name") == 1
    assert "Otto Müller; somebody without a name" in written


def test_a_main_number_of_several_organizations_is_somebody_there(service: Service) -> None:
    candidates = tuple(because(Recognised.MAIN_NUMBER, name=name) for name in ("Hafen GmbH", "Werft AG"))
    who = as_text(because(Recognised.SEVERAL, candidates=candidates))
    service.calls(missed(extra={"certainty": "several", "identified_as": who}))
    with service.signed_in(JANE) as browser:
        for address in ("/", "/missed"):
            assert "somebody at Hafen GmbH, Werft AG" in browser.get(address).text


def test_a_customer_with_nothing_but_a_number_is_the_number_without_a_name(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 7, "")
    (call,) = service.calls(missed(person_id=7))
    with service.signed_in(JANE) as browser:
        pages = [browser.get(address).text for address in ("/", f"/calls/{call}", "/missed")]
    for page in pages:
        assert "no name" in page
        assert "auto-" not in page
