"""What is said in which language, and what is said of numbers that are not there."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

from sidecar.calls.identification import Recognised
from sidecar.calls.reasons import as_text, because
from sidecar.store.journal.hooks import place_hooks
from tests.sidecar.store.calls.saved_calls import JANE, Seed, missed, talked
from tests.sidecar.store.journal.hook_rows import NEW_CALL, keep
from tests.sidecar.web.service import Service

ADMIN = 3
GERMAN = {"Accept-Language": "de"}
WITHHELD, NONE = "Unterdrückte Nummer", "\N{EN DASH}"


def test_a_missing_number_is_a_dash_and_a_withheld_one_said_to_be_so(service: Service) -> None:
    service.calls(missed(number=None, raw="", line=""), Seed(state="not reached", direction="out", number=None, raw=""))
    with service.signed_in(JANE) as browser:
        incoming, outgoing = (browser.get(f"/calls/{call}", headers=GERMAN).text for call in (1, 2))
        entry = browser.get("/missed", headers=GERMAN).text
        rows = list(csv.reader(io.StringIO(browser.get("/calls.csv", headers=GERMAN).text)))
    assert WITHHELD in incoming
    assert WITHHELD not in outgoing
    assert (entry.count(WITHHELD), f'<span class="number">{NONE}</span></p>' in entry) == (2, True), (
        "to tick it, and whose it is"
    )
    assert [(row[3], row[6]) for row in rows[1:]] == [(NONE, "+49 30 23125010"), (WITHHELD, NONE)]


def test_hooks_without_numbers_show_none(service: Service) -> None:
    dtmf = replace(NEW_CALL, event="dtmf", caller=None, callee=None)
    unreadable = replace(dtmf, event=None, status="unreadable")
    keep(service.database, dtmf, unreadable, replace(NEW_CALL, caller="", callee=None))
    with service.signed_in(ADMIN) as browser:
        page = browser.get("/admin/hooks", headers=GERMAN).text
        shown = [" ".join(cell.split()) for cell in re.findall(r'<td class="number">(.*?)</td>', page, re.DOTALL)]
        one = browser.get("/admin/hooks/1", headers=GERMAN).text
    assert shown == [f"{WITHHELD} → {NONE}", f"{NONE} → {NONE}", f"{NONE} → {NONE}"]
    assert WITHHELD not in one


def test_how_a_caller_was_recognised_is_said_in_the_language_of_the_page(service: Service) -> None:
    erika, bakery = (
        because(Recognised.MOBILE, name="Erika <Mustermann>"),
        because(Recognised.MAIN_NUMBER, name="Bäckerei"),
    )
    several = as_text(because(Recognised.SEVERAL, candidates=(erika, bakery)))
    service.calls(talked(extra={"identified_as": several}), talked(extra={"identified_as": "mobile of Otto"}))
    with service.signed_in(JANE) as browser:
        english, german = (browser.get("/calls/1", headers=headers).text for headers in ({}, GERMAN))
        other = browser.get("/calls/2", headers=GERMAN).text
    assert "mobile of Erika &lt;Mustermann&gt; or main number of Bäckerei" in english
    assert "Mobilnummer von Erika &lt;Mustermann&gt; oder Hauptnummer von Bäckerei" in german
    assert '<span lang="en">mobile of Otto</span>' in other, "as an older release has written it"


def test_what_an_older_release_has_written_stays_english_and_says_so(service: Service) -> None:
    leg = {"direction": "in", "caller": "4989", "callee": "4930", "began_at": 1.0, "rejected": "block list row 2"}
    (call,) = service.calls(Seed(state="blocked", extra={"story": [leg]}))
    keep(service.database, NEW_CALL)
    with service.database.writing() as connection:
        place_hooks(connection, {1: call})
    with service.signed_in(JANE) as browser:
        page = browser.get(f"/calls/{call}", headers=GERMAN).text
    assert 'Als besetzt abgewiesen: <span lang="en">block list row 2</span>' in page
    assert f'<td><span lang="en">{NEW_CALL.decision}</span></td>' in page
