"""Missed calls are taken, noted and closed; whoever was slower is told."""

from __future__ import annotations

import re
from dataclasses import replace

from sidecar.store.missed.zammad_rows import save_marks
from sidecar.sync.kept import keep_agents
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, add_person, missed
from tests.sidecar.web.changes import change, version_of
from tests.sidecar.web.desk.staff import LEA_KERN, MAX_ROE
from tests.sidecar.web.service import Service

ADMIN = 3


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


def test_notes_of_two_stand_with_author_and_time_and_own_ones_can_be_deleted(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        change(service, max_roe, "/missed/1/note", note="wants Otto")
        both = change(service, jane, "/missed/1/note", note="at five\r\nor six").text
        assert re.findall(r'<p class="note">([^<]+)</p>', both) == ["wants Otto", "at five\nor six"]
        assert re.findall(r"<bdi>(\w+ \w+)</bdi>, ", both) == ["Max Roe", "Jane Doe"]
        assert change(service, jane, "/missed/1/unnote", note="1").status_code == 409
        assert "wants Otto" not in change(service, max_roe, "/missed/1/unnote", note="1").text


def test_an_entry_is_assigned_to_an_active_agent_and_the_audit_keeps_it(service: Service) -> None:
    with service.database.writing() as connection:
        keep_agents(connection, [MAX_ROE, replace(LEA_KERN, active=False)], now=NOON)
    service.calls(missed())
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe, service.signed_in(ADMIN) as admin:
        assert change(service, jane, "/missed/1/assign", agent="11").status_code == 409
        assert "Taken by Max Roe" in change(service, jane, "/missed/1/assign", agent="5").text
        assert change(service, jane, "/missed/1/assign", agent="5").status_code == 409, "it is a colleague's now"
        assert "You have taken this" in max_roe.get("/missed?whose=mine").text
        audit = admin.get("/admin/audit").text
        assert "no. 1, to Max Roe (5)" in audit
        assert "Missed call assigned" in audit


def test_mine_unassigned_by_line_and_search_narrow_the_list(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 7, "Otto Müller")
    service.calls(missed(person_id=7), missed(number="4930555"), missed(number="4930777", line="4940"))
    with service.signed_in(JANE) as jane:
        change(service, jane, "/missed/2/take")
        shown = {
            query: re.findall(r'id="missed-(\d+)"', jane.get(f"/missed?{query}").text)
            for query in ("", "whose=mine", "whose=unassigned", "line=4940", "q=mueller", "q=0555&whose=unassigned")
        }
    assert shown == {
        "": ["3", "2", "1"],
        "whose=mine": ["2"],
        "whose=unassigned": ["3", "1"],
        "line=4940": ["3"],
        "q=mueller": ["1"],
        "q=0555&whose=unassigned": [],
    }


def test_done_is_undone_and_its_row_in_zammad_unticked_first(service: Service) -> None:
    service.calls(missed(extra={"told": {"call_id": "a-1"}}))
    new_call = {"callId": "a-1", "event": "newCall", "from": "49171", "to": "4930", "direction": "in"}
    row = service.sim.calls.apply(new_call, service.sim.now())
    assert row is not None
    row.done = True
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        change(service, jane, "/missed/1/close", version=version_of(jane))
        assert change(service, max_roe, "/missed/1/reopen").status_code == 409, "its row is still being ticked"
        with service.database.writing() as connection:
            save_marks(connection, 1, marked=1, gone=0, now=NOON)
        assert "Take" in change(service, max_roe, "/missed/1/reopen").text
        assert not row.done
        assert change(service, max_roe, "/missed/1/reopen").status_code == 409


def test_a_note_is_kept_and_an_entry_closed_by_hand(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as browser:
        noted = change(service, browser, "/missed/1/note", note="calls back <at> five")
        assert "calls back &lt;at&gt; five" in noted.text
        done = change(service, browser, "/missed/1/close", version=version_of(browser))
        assert "Done by Jane Doe" in done.text
        page = browser.get("/missed").text
        assert "Nobody is waiting" in page
        assert change(service, browser, "/missed/77/take").status_code == 404


def test_a_change_that_was_not_seen_is_not_overwritten(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as browser:
        version = version_of(browser)
        service.calls(missed(started_at=NOON + 60))
        answer = change(service, browser, "/missed/1/close", version=version)
        assert answer.status_code == 409
        assert "2 calls" in answer.text
