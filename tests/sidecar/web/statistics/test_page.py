"""The numbers for leads."""

from __future__ import annotations

from tests.sidecar.store.calls.saved_calls import JANE, add_person, missed, talked
from tests.sidecar.web.service import Service


def test_whoever_never_picks_up_has_a_name_in_the_statistics(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 17, "Tom Weiß")
    service.calls(missed(agents=[17], started_at=service.clock() - 1))
    with service.signed_in(JANE) as browser:
        page = browser.get("/statistics").text
    assert '<th scope="row">Tom Weiß</th>' in page
    assert '<th scope="row">17</th>' not in page.partition("By line")[0]


def test_days_are_compared_with_as_many_before_up_to_the_same_time(service: Service) -> None:
    service.later = -service.clock() % 86400.0 + 43200.0  # noon: days are neither about to begin nor to end
    now, day = service.clock(), 86400.0
    service.calls(
        missed(started_at=now - 60), talked(started_at=now - day - 60), talked(started_at=now - day - 120),
        talked(started_at=now - day + 600),
    )  # fmt: skip
    with service.signed_in(JANE) as browser:
        page = browser.get("/statistics").text
    offered = page.partition("<dt>Offered</dt>")[2].partition("</div>")[0]
    assert ">1</a></dd>" in offered
    assert "before: 2" in offered


def test_what_is_older_than_calls_are_kept_is_said_to_be_forgotten(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        assert "is forgotten" not in browser.get("/statistics?span=month").text
        assert "Calls are kept for 180 days" in browser.get("/statistics?since=2025-01-01").text


def test_bookmarks_of_earlier_releases_lead_on(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        answer = browser.get("/numbers?span=week", follow_redirects=False)
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith("/statistics?span=week")
