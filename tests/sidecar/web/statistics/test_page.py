"""The numbers for leads."""

from __future__ import annotations

from tests.sidecar.store.calls.saved_calls import JANE, add_person, missed
from tests.sidecar.web.service import Service


def test_whoever_never_picks_up_has_a_name_in_the_statistics(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 17, "Tom Weiß")
    service.calls(missed(agents=[17], started_at=service.clock() - 1))
    with service.signed_in(JANE) as browser:
        page = browser.get("/numbers").text
    assert '<th scope="row">Tom Weiß</th>' in page
    assert '<th scope="row">17</th>' not in page.partition("By line")[0]
