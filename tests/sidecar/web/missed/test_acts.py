"""Missed calls are taken, noted and closed; whoever was slower is told."""

from __future__ import annotations

import re

from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, missed
from tests.sidecar.web.changes import change, version_of
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


def test_a_note_that_could_not_be_saved_is_in_the_answer_to_be_saved_again(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        version = version_of(jane)
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
        noted = change(service, browser, "/missed/1/note", note="calls back <at> five", version=version_of(browser))
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
