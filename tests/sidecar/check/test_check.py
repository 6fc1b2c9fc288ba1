"""How `check` shows what it has found: the table, JSON Lines, the URLs, the exit code."""

from __future__ import annotations

import re

from sidecar.cli import run
from tests.sentences import english_in
from tests.sidecar.check.patient import Patient
from tests.sidecar.store.journal.hook_rows import NEW_CALL

SHAPE = ["subject", "level", "what", "why", "cure", "reason"]


def test_json_has_one_object_for_each_finding(patient: Patient) -> None:
    found = patient.check()
    assert all(list(each) == SHAPE for each in found)
    assert {each["level"] for each in found} <= {"ok", "warning", "problem"}
    assert all(isinstance(each[name], str) for each in found for name in SHAPE[:-1])
    assert all("." in each["reason"]["code"] for each in found)
    assert all(each["why"] and each["cure"] for each in found if each["level"] != "ok")


def test_the_table_says_what_why_and_the_cure(patient: Patient) -> None:
    patient.sim.settings["cti_integration"] = False
    shown = patient.run()
    assert patient.exit_code == 1
    assert "problem  cti_integration" in shown
    assert "Zammad takes no calls from the sidecar" in shown
    assert "→ run `sipgate-sidecar install`" in shown
    assert "problems: 1, " in shown


def test_the_urls_to_enter_at_sipgate_are_shown_when_asked_for(patient: Patient) -> None:
    url = f"{patient.environment['SERVER__PUBLIC_URL']}/api/v1/sipgate/{patient.sim.sipgate_token}"
    assert patient.run("--show-urls").endswith(f"URL for incoming calls: {url}/in\nURL for outgoing calls: {url}/out\n")
    assert patient.sim.sipgate_token not in patient.run()


def test_the_urls_in_json_have_the_same_shape(patient: Patient) -> None:
    *_, last = patient.run("--show-urls", "--json").splitlines()
    assert last.startswith('{"subject": "URL for outgoing calls", "level": "ok", "what": "http://')
    assert last.endswith('"why": "", "cure": "", "reason": null}')


def test_a_token_that_an_admin_wrote_into_a_row_is_not_shown(patient: Patient) -> None:
    patient.set_page(inbound={"block_caller_ids": [{"caller_id": patient.sim.cti_token}]})
    [trouble] = patient.troubles()
    assert trouble["what"] == "block list row 1: …: is neither a number nor a pattern"


def test_what_strangers_wrote_cannot_steer_the_terminal(patient: Patient) -> None:
    patient.set_page(inbound={"block_caller_ids": [{"caller_id": "\x1b]0;owned\x07[bold]x"}]})
    shown = patient.run()
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[bold]x" in shown


def test_without_a_configuration_it_is_exit_2(patient: Patient) -> None:
    patient.monkeypatch.delenv("SIDECAR_ZAMMAD__URL", raising=False)
    assert run(["check"]) == 2
    assert patient.capsys.readouterr().err.startswith("zammad.url: missing")


def test_people_read_findings_in_the_language_of_their_environment(patient: Patient) -> None:
    patient.sim.settings["cti_integration"] = False
    patient.monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    shown = patient.run()
    assert re.search(r"^Problem +cti_integration +Zammads CTI-Integration ist aus", shown, re.MULTILINE)
    assert "→ `sipgate-sidecar install` ausführen" in shown
    assert "Probleme: 1, " in shown
    assert english_in(shown.replace(NEW_CALL.decision, "")) == [], shown


def test_machines_read_findings_in_english_wherever_they_are(patient: Patient) -> None:
    english = patient.check()
    patient.monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert [each["reason"]["code"] for each in patient.check()] == [each["reason"]["code"] for each in english]
    assert {each["subject"] for each in patient.check()} == {each["subject"] for each in english}
