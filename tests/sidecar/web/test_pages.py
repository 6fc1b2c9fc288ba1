"""What stands on the pages: languages, links, the story, the list that goes on, the export."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from sidecar.web.export import defused
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, Seed, add_organization, add_person, missed, talked
from tests.sidecar.web.office import story_of
from tests.sidecar.web.service import Service

ADMIN = 3


def change(service: Service, browser: Any, path: str, **fields: str) -> Any:
    csrf = re.findall(r'name="csrf" value="([^"]+)"', browser.get("/").text)[0]
    headers = {"Origin": service.url.removesuffix("/sidecar"), "X-CSRF-Token": csrf, "HX-Request": "true"}
    return browser.post(path, data=fields, headers=headers)


def test_the_language_is_that_of_the_browser_or_the_chosen_one(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        assert 'lang="en"' in browser.get("/").text
        german = browser.get("/", headers={"Accept-Language": "fr,de-AT;q=0.8,en;q=0.3"})
        assert "Verpasste Anrufe" in german.text
        change(service, browser, "/preferences", language="de", theme="dark")
        chosen = browser.get("/").text
        assert 'lang="de"' in chosen
        assert 'data-theme="dark"' in chosen


def test_times_are_those_of_the_visitors_zone(service: Service) -> None:
    service.calls(talked(started_at=NOON))
    with service.signed_in(JANE) as browser:
        assert "13:00" in browser.get("/").text  # the telephones are in Germany
        browser.cookies.set("sidecar_zone", "America/New_York", domain="127.0.0.1")
        assert "07:00" in browser.get("/").text
        browser.cookies.set("sidecar_zone", "../../etc/passwd", domain="127.0.0.1")
        assert "13:00" in browser.get("/").text


def test_a_row_links_to_the_person_a_new_ticket_and_the_telephone(service: Service) -> None:
    with service.database.writing() as connection:
        add_organization(connection, 2, "Bäckerei Müller")
        add_person(connection, 7, "Otto Müller", 2)
    (call,) = service.calls(talked(person_id=7, organization_id=2, extra={"story": story_of(NOON)}))
    with service.signed_in(JANE) as browser:
        row, story = browser.get("/").text, browser.get(f"/calls/{call}").text
    assert "Otto Müller" in row
    assert 'href="tel:+491713920010"' in row
    assert f'href="{service.zammad_url}/#ticket/create/customer/7"' in row
    assert f'href="{service.zammad_url}/#user/profile/7"' in story
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


def test_a_search_can_be_kept_as_an_address(service: Service) -> None:
    service.calls(missed(), talked(), talked((MAX, "Max Roe"), number="4940123"))
    with service.signed_in(JANE) as browser:
        page = browser.get("/?q=0171&state=ended&agent=4&since=2026-11-22&until=2026-11-22").text
        assert re.findall(r'id="call-(\d+)"', page) == ["2"]
        assert 'value="0171"' in page
        assert '<option value="ended" selected' in page
        assert re.findall(r'id="call-(\d+)"', browser.get("/?since=2026-11-23").text) == []
        assert browser.get("/?state=nonsense&since=yesterday&agent=x&line=%00&before=x").status_code == 200


def test_the_export_is_the_search_and_no_spreadsheet_calculates_with_it(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 7, '=HYPERLINK("http://evil";"x")')
    service.calls(talked(person_id=7), missed(number="4930555"), talked((JANE, "@SUM(A1)"), number="4940123"))
    with service.signed_in(JANE) as browser:
        answer = browser.get("/calls.csv?state=ended")
        german = browser.get("/calls.csv", headers={"Accept-Language": "de"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 3
    assert rows[2][4] == '\'=HYPERLINK("http://evil";"x")'
    assert rows[1][7] == "'@SUM(A1)"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert german.text.removeprefix("\ufeff").startswith("Beginn;")
    assert len(german.text.splitlines()) == 4


@pytest.mark.parametrize("cell", ["=1+1", "+49 30", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_what_begins_like_a_formula_is_defused(cell: str) -> None:
    assert defused(cell) == f"'{cell}"
    assert defused("Otto") == "Otto"


def test_a_colleague_who_was_slower_is_told_who_was_faster(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        assert "You have taken this" in change(service, jane, "/missed/1/take").text
        slower = change(service, max_roe, "/missed/1/take")
        assert slower.status_code == 409
        assert "A colleague was faster: Jane Doe has it." in slower.text
        assert change(service, max_roe, "/missed/1/close", version="99").status_code == 409
        assert "Take" in change(service, jane, "/missed/1/release").text


def test_what_somebody_has_taken_can_be_taken_over_from_them_by_name(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe, service.signed_in(ADMIN) as admin:
        change(service, max_roe, "/missed/1/take")
        page = jane.get("/missed").text
        assert "Take over from Max Roe" in page
        assert 'name="from" value="5"' in page
        assert change(service, jane, "/missed/1/take", **{"from": "77"}).status_code == 409
        assert "You have taken this" in change(service, jane, "/missed/1/take", **{"from": "5"}).text
        late = change(service, admin, "/missed/1/take", **{"from": "5"})
        assert late.status_code == 409
        assert "A colleague was faster: Jane Doe has it." in late.text
        assert change(service, max_roe, "/missed/1/release").status_code == 409
        audit = admin.get("/admin/audit").text
        assert re.findall(r"<span>(no. 1, taken [^<]+)", audit) == ["no. 1, taken by Max Roe (5) before"]
        assert "Missed call taken over" in audit


def test_what_was_given_back_meanwhile_can_still_be_taken_over(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        change(service, max_roe, "/missed/1/take")
        change(service, max_roe, "/missed/1/release")
        assert "You have taken this" in change(service, jane, "/missed/1/take", **{"from": "5"}).text


def test_all_missed_calls_are_on_the_page_in_the_end(service: Service) -> None:
    service.calls(*(missed(number=f"49301{number:05}", started_at=NOON + number / 3) for number in range(230)))
    with service.signed_in(JANE) as browser:
        text, seen = browser.get("/missed").text, []
        while True:
            seen += re.findall(r'id="missed-(\d+)"', text)
            further = re.search(r'hx-get="/sidecar(/missed\?before=[^"]+)"', text)
            if not further:
                break
            text = browser.get(further[1], headers={"HX-Request": "true"}).text
        assert [int(number) for number in seen] == list(range(230, 0, -1))
        assert "<html" in browser.get("/missed?before=nonsense").text


def test_a_note_that_could_not_be_saved_is_in_the_answer_to_be_saved_again(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        version = _version(jane)
        change(service, max_roe, "/missed/1/note", note="wants Otto", version=version)
        refused = change(service, jane, "/missed/1/note", note="at five\r\nor six", version=version)
        assert refused.status_code == 409
        assert ">at five\nor six</textarea>" in refused.text
        assert '<p class="note">wants Otto</p>' in refused.text
        (current,) = re.findall(r'name="version" value="(\d+)"', refused.text.partition("<textarea")[0])
        assert change(service, jane, "/missed/1/note", note="at five", version=current).status_code == 200


def test_a_note_is_kept_and_an_entry_closed_by_hand(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as browser:
        noted = change(service, browser, "/missed/1/note", note="calls back <at> five", version=_version(browser))
        assert "calls back &lt;at&gt; five" in noted.text
        done = change(service, browser, "/missed/1/close", version=_version(browser))
        assert "Done by Jane Doe" in done.text
        page = browser.get("/missed").text
        assert "Nobody is waiting" in page
        assert change(service, browser, "/missed/77/take").status_code == 404


def test_a_change_that_was_not_seen_is_not_overwritten(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as browser:
        version = _version(browser)
        service.calls(missed(started_at=NOON + 60))
        answer = change(service, browser, "/missed/1/close", version=version)
        assert answer.status_code == 409
        assert "2 calls" in answer.text


def test_the_wallboard_shows_who_rings_and_talks(service: Service) -> None:
    service.calls(
        Seed(state="ringing", number="4930777777", started_at=service.clock() - 5),
        Seed(state="answered", answered=3.0, agent=(JANE, "Jane Doe"), started_at=service.clock() - 60),
    )
    with service.signed_in(JANE) as browser:
        page = browser.get("/wallboard").text
        assert "+49 30 777777" in page
        assert "Jane Doe" in page
        assert "<html" not in browser.get("/wallboard", headers={"HX-Request": "true"}).text


def test_whoever_never_picks_up_has_a_name_in_the_statistics(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 17, "Tom Weiß")
    service.calls(missed(agents=[17], started_at=service.clock() - 1))
    with service.signed_in(JANE) as browser:
        page = browser.get("/numbers").text
    assert '<th scope="row">Tom Weiß</th>' in page
    assert '<th scope="row">17</th>' not in page.partition("By line")[0]


def test_the_wallboard_counts_also_what_it_has_no_room_for(service: Service) -> None:
    now = service.clock()
    ringing = [Seed(state="ringing", number=f"493077{n:04}", started_at=now - 50 + n) for n in range(11)]
    dialling = [Seed(state="ringing", direction="out", number=f"493088{n:04}", started_at=now - 20) for n in range(9)]
    talking = [Seed(state="answered", answered=3.0, agent=(JANE, f"Agent {n}"), started_at=now - 60) for n in range(25)]
    service.calls(*talking, *ringing, *dialling)
    with service.signed_in(JANE) as browser:
        page = browser.get("/wallboard", headers={"HX-Request": "true"}).text
    assert re.findall(r"<h2>(?:Ringing|Talking) now <b>(\d+)</b>", page) == ["11", "25"]
    assert page.count("+49 30 77") == 8
    assert "+49 30 88" not in page
    assert [int(number) for number in re.findall(r"and (\d+) more", page)] == [3, 5]


def test_without_its_database_a_page_says_so(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        with service.database.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE web_sessions RENAME TO away")
        answer = browser.get("/")
        assert answer.status_code == 503
        assert "Calls are still answered" in answer.text


def test_numbers_no_database_can_hold_are_not_found(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        assert browser.get(f"/calls/{10**30}").status_code == 404
        assert change(service, browser, f"/missed/{10**30}/take").status_code == 404


def _version(browser: Any) -> str:
    return str(re.findall(r'name="version" value="(\d+)"', browser.get("/missed").text)[0])
