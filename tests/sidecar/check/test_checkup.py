"""Fifteen planted faults and their relatives: `check` names the cause and the cure of each."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette

from sidecar.check.own_side import disk_findings
from sidecar.cli import run
from sidecar.store.database import Database
from sidecar.store.journal.rows import HookRow
from sidecar.store.people.organizations import write_organizations
from sidecar.store.people.people import write_people
from sidecar.store.people.refusals import keep_refusal
from sidecar.store.schema_version import SchemaVersion, write_schema_version
from sidecar.sync.records import Reader, organization_record_from, person_from
from sidecar.words.sentences import explained
from tests.sentences import ENGLISH, said
from tests.sidecar.check.patient import Patient, door, served
from tests.sidecar.store.journal.hook_rows import NEW_CALL, delete_hooks, keep
from tests.sidecar.sync.people_of_zammad import organization, user
from zammad_client.records import User
from zammad_client.simulator import Simulator

Plant = Callable[[Patient], None]


def only(patient: Patient, **environment: str) -> dict[str, Any]:
    """The one thing that is said to be wrong."""
    [trouble] = patient.troubles(**environment)
    assert trouble["why"]
    assert trouble["cure"]
    assert patient.exit_code == (1 if trouble["level"] == "problem" else 0)
    return trouble


def test_where_everything_is_right_nothing_is_said_to_be_wrong(patient: Patient) -> None:
    assert patient.troubles() == []
    assert patient.exit_code == 0


def test_checking_changes_nothing_in_zammad(patient: Patient) -> None:
    patient.check()
    assert not patient.sim.writes
    assert patient.sim.call_log == []
    assert patient.sim.opened == []
    assert not patient.sim.not_simulated


# Zammad and the token


def test_a_wrong_token_is_one_cause(patient: Patient) -> None:
    trouble = only(patient, ZAMMAD__TOKEN="mistyped")
    assert (trouble["subject"], trouble["level"]) == ("token", "problem")
    assert "Profile > Token Access" in trouble["cure"]
    assert "mistyped" not in patient.shown


def test_an_inactive_service_user(patient: Patient) -> None:
    patient.sim.change_user(9, active=False)
    assert "activate the service user" in only(patient)["cure"]


def test_zammad_out_of_reach_is_one_line_and_the_own_side_is_still_checked(patient: Patient) -> None:
    patient.sim.faults.refuse()
    found = patient.check()
    [about_zammad] = [each for each in found if each["subject"] == "Zammad"]
    assert about_zammad["level"] == "problem"
    assert about_zammad["cure"].startswith(
        "start Zammad, or correct host and port in zammad.url; right after `install`"
    )
    assert {"database", "disk", "keys", "hooks"} <= {each["subject"] for each in found}
    assert not {"clock", "permissions", "attributes"} & {each["subject"] for each in found}


def test_a_zammad_that_never_answers_does_not_hold_up_the_rest(patient: Patient) -> None:
    patient.sim.faults.hang()
    [trouble, *_] = patient.troubles(ZAMMAD__TIMEOUT="0.3")
    assert "in time" in trouble["what"]
    assert "zammad.timeout" in trouble["cure"]


@pytest.mark.parametrize("permission", ["ticket.agent", "cti.agent", "admin.integration", "admin.user"])
def test_a_missing_permission_is_named_literally(patient: Patient, permission: str) -> None:
    sim = patient.sim
    held = sim.api_tokens[sim.tokens.service]
    sim.api_tokens[sim.tokens.service] = replace(held, permissions=held.permissions - {permission})
    trouble = next(each for each in patient.troubles() if each["level"] == "problem")
    assert trouble["subject"] == f"permission {permission}"
    assert trouble["what"].startswith(f"{permission} is missing")
    assert f"{permission}," not in patient.shown, "it is not said to be there as well"
    assert f"role with {permission}" in trouble["cure"], "nobody can tell which of the two lacks it"
    assert f"{permission} ticked" in trouble["cure"]
    assert "where that is missing the role lacks user_preferences.access_token" in trouble["cure"]


def test_a_permission_the_user_lacks_needs_a_role(patient: Patient) -> None:
    patient.sim.change_user(9, roles=["Agent"])
    problems = [each for each in patient.troubles() if each["level"] == "problem"]
    assert "permission admin.integration" in {each["subject"] for each in problems}
    assert all("role with admin." in each["cure"] for each in problems)


def test_the_permission_of_install_is_only_a_hint(patient: Patient) -> None:
    sim = patient.sim
    held = sim.api_tokens[sim.tokens.service]
    sim.api_tokens[sim.tokens.service] = replace(held, permissions=held.permissions - {"admin.object"})
    trouble = only(patient)
    assert (trouble["level"], trouble["subject"]) == ("warning", "permission admin.object")


@pytest.mark.parametrize(
    ("seconds", "level", "words"),
    [
        (600, "problem", "10 minutes behind"),
        (-600, "problem", "10 minutes ahead of"),
        (200, "warning", "3 minutes behind"),
    ],
)
def test_clocks_that_differ(patient: Patient, seconds: float, level: str, words: str) -> None:
    patient.sim.now = lambda: time.time() + seconds
    trouble = only(patient)
    assert (trouble["subject"], trouble["level"]) == ("clock", level)
    assert f"this machine's clock is {words} Zammad's" in trouble["what"]
    assert "set-ntp" in trouble["cure"]


# switches and settings


def _second_integration(patient: Patient) -> None:
    patient.sim.settings["placetel_integration"] = True


def _notified_queues(patient: Patient) -> None:
    patient.sim.settings["cti_config"] = {
        "inbound": {"block_caller_ids": []},
        "outbound": {"routing_table": [], "default_caller_id": ""},
        "notify_map": [{"queue": "4930600001", "user_ids": ["4"]}],
    }


def _own_block_list(patient: Patient) -> None:
    patient.sim.settings["cti_config"] = {
        "inbound": {"block_caller_ids": [{"caller_id": "1"}]},
        "outbound": {"routing_table": [], "default_caller_id": ""},
    }


def _own_caller_id(patient: Patient) -> None:
    patient.sim.settings["cti_config"] = {
        "inbound": {"block_caller_ids": []},
        "outbound": {"routing_table": [], "default_caller_id": "49301"},
    }


def _integration_off(patient: Patient) -> None:
    patient.sim.settings["cti_integration"] = False


def _switch_off(patient: Patient) -> None:
    patient.sim.settings["sipgate_integration"] = False


def _stale(patient: Patient) -> None:
    patient.sim.switch_unheard = True


@pytest.mark.parametrize(
    ("plant", "level", "what", "cure"),
    [
        (_integration_off, "problem", "CTI integration is off", "run `sipgate-sidecar install`"),
        (_switch_off, "warning", "sipgate.io page is off", "turn it on"),
        (_stale, "problem", "the setting is on, but Zammad's process says: Feature is disabled", "restart Zammad"),
        (_second_integration, "warning", "Placetel integration is on as well", "turn off the one"),
        (_notified_queues, "warning", "who is notified of which queue", "remove the rows"),
        (_own_block_list, "warning", "block list of its own", "move its rows to the sipgate.io page"),
        (_own_caller_id, "warning", "caller ids of its own", "move them to the sipgate.io page"),
    ],
)
def test_a_setting_that_gets_in_the_way(patient: Patient, plant: Plant, level: str, what: str, cure: str) -> None:
    plant(patient)
    trouble = only(patient)
    assert trouble["level"] == level
    assert what in trouble["what"]
    assert cure in trouble["cure"]


def test_a_row_of_the_caller_log_filter_that_no_call_matches_is_named(patient: Patient) -> None:
    _notified_queues(patient)
    patient.sim.settings["cti_config"] |= {"notify_map": [{"queue": "support", "user_ids": ["4"]}]}
    _, strange = patient.troubles()
    assert 'row "support" of the Caller Log Filter' in strange["what"]


def test_an_emptied_cti_page(patient: Patient) -> None:
    patient.sim.settings["cti_config"] = {}
    troubles = patient.troubles()
    assert [each["subject"] for each in troubles] == ["cti_config", "CTI endpoint"]
    assert "save the page" in troubles[0]["cure"]


def test_a_configured_token_that_is_not_zammads(patient: Patient) -> None:
    patient.secrets.add("another-token")
    subjects = {each["subject"]: each for each in patient.troubles(SIPGATE__TOKEN="another-token")}
    assert "differs from the token" in subjects["sipgate_token"]["what"]
    assert "refuses the token" in subjects["public URL"]["what"]


@pytest.mark.parametrize("sim", [Simulator(attributes=False)])
def test_missing_attributes_are_named(patient: Patient) -> None:
    patient.set_page()
    trouble = only(patient)
    assert (trouble["subject"], trouble["level"]) == ("attributes", "warning")
    assert "User.cti_blocked" in trouble["what"]
    assert "Organization.cti_main_numbers" in trouble["what"]
    assert "sipgate-sidecar install" in trouble["cure"]


@pytest.mark.parametrize("sim", [Simulator(attributes=False)])
def test_an_attribute_of_another_kind_and_one_that_was_not_migrated(patient: Patient) -> None:
    patient.set_page()
    sim = patient.sim
    for name, kind in (("cti_blocked", "input"), ("cti_numbers", "textarea")):
        definition = {"name": name, "display": name, "data_type": kind, "active": True, "screens": {}}
        sim.attributes.create("User", definition, by=3, now=sim.now())
    found = {each["what"].partition(":")[0]: each for each in patient.troubles()}
    pending = found["created, but Zammad's database was not migrated"]
    assert pending["what"].endswith(": User.cti_numbers")
    wrong = next(each for each in found.values() if each["level"] == "problem")
    assert "User.cti_blocked exists as input, but must be boolean" in wrong["what"]


# agents and rows


def _row(sipgate_user: str, person: str) -> dict[str, str]:
    return {"remote_user_id": sipgate_user, "user_id": person}


JANE = _row("w0", "jane@example.com")


@pytest.mark.parametrize(
    ("row", "what", "cure"),
    [
        (_row("w1", "nobody@example.com"), "nobody@example.com: no agent has this id", "correct the row"),
        (_row("w1", "7"), "Otto Müller (7) has no permission cti.agent", "role with cti.agent"),
        (_row("w1", "max@example.com"), "Max Roe (max@example.com) is not active", "activate the user"),
        (_row("w0", "erika@mueller.example"), "has no permission cti.agent", "role with cti.agent"),
        (_row("", "jane@example.com"), "has no sipgate user", "correct the row"),
    ],
)
def test_a_row_of_the_agent_map_that_leads_nowhere(patient: Patient, row: dict[str, str], what: str, cure: str) -> None:
    patient.sim.change_user(5, active=False)
    patient.set_page(user_remote_map=[JANE, row])
    trouble = only(patient)
    assert (trouble["subject"], trouble["level"]) == ("agent map", "warning")
    assert trouble["what"].startswith("agent map row 2")
    assert what in trouble["what"]
    assert cure in trouble["cure"]


def test_maps_that_contradict_each_other(patient: Patient) -> None:
    patient.sim.change_user(5, sipgate_users="w0, w5")
    trouble = only(patient)
    assert trouble["what"] == "user 5, sipgate_users: w0: the page gives this sipgate user to user 4, the page wins"
    assert "one person" in trouble["cure"]


def test_nobody_is_mapped(patient: Patient) -> None:
    patient.set_page(user_remote_map=[])
    assert only(patient)["what"] == "no sipgate user belongs to any agent"


def test_a_phone_switch_that_is_off(patient: Patient) -> None:
    patient.sim.change_user(4, preferences={"cti": False})
    trouble = only(patient)
    assert trouble["subject"] == "agent Jane Doe"
    assert trouble["what"].endswith("cti.agent there, phone switch off")


def test_a_sipgate_user_of_the_last_hooks_whom_nobody_has(patient: Patient) -> None:
    body = b"event=newCall&callId=2&direction=in&from=1&to=2&user[]=Max%20Roe&userId[]=w3&user[]=Jane&userId[]=w0"
    _keep(patient, replace(NEW_CALL, body=body, call_id="2", received_at=time.time()))
    trouble = only(patient)
    assert trouble["what"] == "unassigned in the last hooks: w3 (Max Roe)"
    assert "phone extension map" in trouble["cure"]


def test_a_broken_routing_row(patient: Patient) -> None:
    rows = [{"dest": "41*", "caller_id": "41715880339000"}, {"dest": "4#9", "caller_id": "4930777"}]
    patient.set_page(outbound={"routing_table": rows, "default_caller_id": ""})
    trouble = only(patient)
    assert trouble["what"] == (
        'routing table row 2: 4#9: the destination is neither a number nor a pattern, because of "#" (NUMBER SIGN)'
    )
    assert trouble["cure"].startswith("write destination and caller id")
    assert "1 of 2 rows understood" in patient.shown


def test_a_broken_row_of_the_block_list(patient: Patient) -> None:
    patient.set_page(inbound={"block_caller_ids": [{"caller_id": "4989*"}, {"caller_id": "call me"}]})
    assert only(patient)["what"] == "block list row 2: call me: is neither a number nor a pattern"
    assert "row 1 (4989*) matches nothing there: it knows no wildcards here" in patient.shown


def test_a_row_that_rejects_everybody(patient: Patient) -> None:
    patient.set_page(inbound={"block_caller_ids": [{"caller_id": "*"}]})
    trouble = only(patient)
    assert (trouble["subject"], trouble["level"]) == ("block list", "warning")
    assert trouble["what"] == "block list row 1: *: rejects everybody who shows a number"
    assert trouble["why"] == "The row is in force."
    assert "1 of 1 rows understood" in patient.shown


def test_a_row_for_calls_from_abroad(patient: Patient) -> None:
    patient.set_page(inbound={"block_caller_ids": [{"caller_id": "00*"}]})
    trouble = only(patient)
    assert "such as 43* and 41*" in trouble["what"]
    assert "these callers get through" in trouble["why"]


# the way in


def test_a_proxy_that_sends_hooks_to_zammad(patient: Patient) -> None:
    trouble = only(patient, SERVER__PUBLIC_URL=patient.environment["ZAMMAD__URL"])
    assert "Zammad itself answers hooks" in trouble["what"]
    assert "rule for the sidecar is missing" in trouble["what"]
    assert trouble["cure"].startswith("let the proxy send /api/v1/sipgate/ to the sidecar")


def test_a_public_url_that_leads_to_somebody_else(patient: Patient) -> None:
    with served(Starlette()) as elsewhere:
        trouble = only(patient, SERVER__PUBLIC_URL=elsewhere)
    assert "somebody else answers (HTTP 404)" in trouble["what"]
    assert "server.public_url" in trouble["cure"]


def test_a_public_url_without_a_host(patient: Patient) -> None:
    trouble = only(patient, SERVER__PUBLIC_URL="https://zammad.invalid")
    assert trouble["what"] == "https://zammad.invalid: no such host"


def test_a_sidecar_that_knows_no_token_yet(patient: Patient) -> None:
    with served(door(None)) as public_url:
        trouble = only(patient, SERVER__PUBLIC_URL=public_url)
    assert "without the nonce" in trouble["what"]


def test_a_service_that_does_not_run_is_only_a_warning(patient: Patient) -> None:
    with served(door("x")) as gone:
        pass
    _forget_hooks(patient)
    troubles = patient.troubles(SERVER__PUBLIC_URL=gone, SERVER__PORT=gone.rpartition(":")[2])
    assert [each["level"] for each in troubles] == ["warning", "warning"]
    assert "no sidecar runs here either" in troubles[0]["what"]
    assert troubles[1]["what"] == "none has come yet"


# the own side


def test_a_full_disk(patient: Patient) -> None:
    url = patient.environment["DATABASE__URL"]
    frees = (lambda _: 10**7, lambda _: 10**8, lambda _: 10**9)
    full, nearly, fine = (next(disk_findings(url, None, free=free)) for free in frees)
    assert (full.level, nearly.level, fine.level) == ("problem", "warning", "ok")
    assert said(full.reason).startswith("10 MB free on the disk of ")
    assert "free some space" in explained(full.reason, ENGLISH).cure


def test_an_unreadable_key_file_is_named_with_its_key(patient: Patient, tmp_path: Path) -> None:
    for name, value in patient.environment.items():
        patient.monkeypatch.setenv(f"SIDECAR_{name}", value)
    patient.monkeypatch.setenv("SIDECAR_SIPGATE__PUBLIC_KEY_FILES", f'["{tmp_path}"]')
    assert run(["check"]) == 2
    complaint = patient.capsys.readouterr().err
    assert complaint.startswith(f"sipgate.public_key_files[0]: {tmp_path}: is a directory; correct the path")


def test_a_key_file_without_a_key(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("no key")
    trouble = only(patient, SIPGATE__PUBLIC_KEY_FILES=f'["{tmp_path / "key.pem"}"]')
    assert (trouble["subject"], trouble["level"]) == ("keys", "problem")
    assert "key.pem: no RSA public key in PEM form" in trouble["what"]


@pytest.mark.parametrize("name", ["sidecar.db", "journal.db"])
def test_a_locked_file(patient: Patient, tmp_path: Path, name: str) -> None:
    holder = sqlite3.connect(tmp_path / name, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    trouble = patient.troubles(DATABASE__URL=f"{patient.environment['DATABASE__URL']}?timeout=0.1")[-1]
    holder.close()
    assert (trouble["subject"], trouble["level"]) == ("database", "problem")
    assert "locked by another process" in trouble["what"]
    assert name in trouble["what"]
    assert "fuser" in trouble["cure"]


@pytest.mark.parametrize(
    ("name", "cure"), [("sidecar.db", "restore a backup"), ("journal.db", "restart `serve`: it keeps the file")]
)
def test_a_damaged_file(patient: Patient, tmp_path: Path, name: str, cure: str) -> None:
    for log in tmp_path.glob(f"{name}-*"):
        log.unlink()
    (tmp_path / name).write_text("no database at all\n" * 500)
    trouble = patient.troubles()[-1]
    assert (trouble["subject"], trouble["level"]) == ("database", "problem")
    assert "not a database" in trouble["what"]
    assert name in trouble["what"]
    assert cure in trouble["cure"]


def test_damaged_files_that_were_set_aside_are_named_until_somebody_deletes_them(
    patient: Patient, tmp_path: Path
) -> None:
    (tmp_path / "journal.db.damaged-20260102-030405").write_text("garbage")
    (tmp_path / "journal.db.damaged-20260102-030405-wal").write_text("garbage")
    (trouble,) = patient.troubles()
    assert (trouble["subject"], trouble["level"]) == ("database", "warning")
    assert trouble["what"].endswith("journal.db.damaged-20260102-030405")


@pytest.mark.parametrize("name", ["sidecar.db", "journal.db"])
def test_a_file_that_may_only_be_read(patient: Patient, tmp_path: Path, name: str) -> None:
    (tmp_path / name).chmod(0o400)
    if os.access(tmp_path / name, os.W_OK):
        pytest.skip("whoever runs the tests may write everything")
    trouble = patient.troubles()[-1]
    assert (trouble["subject"], trouble["level"]) == ("database", "problem")
    assert "to the user of `serve`" in trouble["cure"]


def test_a_journal_whose_directory_is_not_there(patient: Patient, tmp_path: Path) -> None:
    trouble = patient.troubles(DATABASE__JOURNAL=str(tmp_path / "none" / "journal.db"))[-1]
    assert (trouble["subject"], trouble["level"]) == ("database", "problem")
    assert "correct database.journal" in trouble["cure"]


def test_a_database_of_a_newer_release(patient: Patient) -> None:
    database = Database(patient.environment["DATABASE__URL"])
    with database.writing() as connection:
        write_schema_version(connection, SchemaVersion(revision_number=99, oldest_compatible_number=99))
    database.close()
    trouble = patient.troubles()[-1]
    assert (trouble["subject"], trouble["level"]) == ("database", "problem")
    assert "install the newer release again" in trouble["cure"]


def test_a_database_that_is_not_there_yet_is_not_made(patient: Patient, tmp_path: Path) -> None:
    trouble = patient.troubles(DATABASE__URL=f"sqlite:///{tmp_path}/new.db")[-1]
    assert (trouble["subject"], trouble["level"]) == ("database", "warning")
    assert not (tmp_path / "new.db").exists()
    assert patient.troubles(DATABASE__URL=f"sqlite:///{tmp_path}/none/new.db")[-1]["level"] == "problem"


def test_a_database_server_that_is_down(patient: Patient) -> None:
    patient.secrets.add("pass-word")
    trouble = patient.troubles(DATABASE__URL="postgresql+psycopg://me:pass-word@127.0.0.1:9/x")[-1]
    assert (trouble["subject"], trouble["level"]) == ("database", "problem")
    assert "check database.url" in trouble["what"]


def test_main_numbers_that_cannot_be_read(patient: Patient) -> None:
    record = organization(2, "Bakery", main_numbers="+49 30 998*, reception")
    database = Database(patient.environment["DATABASE__URL"])
    with database.writing() as connection:
        write_organizations(connection, [organization_record_from(record, Reader(country="DE"))])
    database.close()
    trouble = only(patient)
    assert (trouble["subject"], trouble["level"]) == ("main numbers", "warning")
    assert trouble["what"].endswith("main numbers: Bakery: reception: is neither a number nor a pattern")


def put_people(patient: Patient, *records: User) -> None:
    database = Database(patient.environment["DATABASE__URL"])
    with database.writing() as connection:
        write_people(
            connection, [person_from(record, is_agent=False, reader=Reader(country="DE")) for record in records]
        )
    database.close()


def test_numbers_that_can_be_read_in_several_ways(patient: Patient) -> None:
    put_people(patient, user(60, "Otto Normal", phone="33 1 23 45 67 89"), user(61, phone="030 1234567"))
    trouble = only(patient)
    assert (trouble["subject"], trouble["level"]) == ("numbers", "warning")
    assert trouble["what"].endswith("Otto Normal (user 60)")
    assert "phone.area_code" in trouble["cure"]


@pytest.mark.parametrize(("field", "words"), [("kdnr", "the mandatory field kdnr is empty"), ("", "Error ID")])
def test_refused_repairs_are_one_finding_with_both_cures(patient: Patient, field: str, words: str) -> None:
    put_people(patient, user(60, "Otto Normal", phone="030/1234567"), user(61, "Ada", phone="030/1234568"))
    database = Database(patient.environment["DATABASE__URL"])
    with database.writing() as connection:
        for number in (60, 61):
            keep_refusal(connection, number, field=field, status=422, words="Error ID 1: Please contact", now=0.0)
    database.close()
    trouble = only(patient)
    assert (trouble["subject"], trouble["level"]) == ("numbers", "warning")
    assert "2 customers" in trouble["what"]
    assert "Otto Normal (user 60)" in trouble["what"]
    assert words in trouble["what"]
    assert "fill" in trouble["cure"]
    assert "core workflow" in trouble["cure"]


def test_numbers_in_notes_are_told_and_no_trouble(patient: Patient) -> None:
    put_people(patient, user(60, texts={"note": "call 0221/998877"}))
    assert patient.troubles() == []


def test_an_attribute_for_numbers_that_zammad_does_not_have(patient: Patient) -> None:
    (trouble,) = patient.troubles(PHONE__ATTRIBUTES='["fax", "direct_line"]')
    assert "phone.attributes names direct_line" in trouble["what"]


@pytest.mark.parametrize(
    ("signature", "why"), [("invalid", "a proxy changes their bodies"), ("missing", "only shown by the token")]
)
def test_hooks_without_a_good_signature(patient: Patient, signature: str, why: str) -> None:
    _keep(patient, replace(NEW_CALL, signature=signature, received_at=time.time()))
    trouble = only(patient)
    assert trouble["what"] == f"of the last 2 hooks: 1 {signature} and 1 valid"
    assert why in trouble["why"]


def test_hooks_that_could_not_be_read(patient: Patient) -> None:
    _keep(
        patient,
        replace(NEW_CALL, status="unreadable", decision="unreadable: no event", event=None, received_at=time.time()),
    )
    trouble = only(patient)
    assert trouble["what"] == "1 of the last 2 could not be read, the last one: unreadable: no event"
    assert "hooks show 2" in trouble["cure"]


def answer(**changes: str) -> HookRow:
    body = urlencode({"event": "answer", "callId": "1", "direction": "in", **changes}).encode()
    return replace(NEW_CALL, event="answer", body=body, received_at=time.time())


@pytest.mark.parametrize("means", ["machine", "person"])
def test_answers_that_name_nobody_are_told(patient: Patient, means: str) -> None:
    _keep(patient, answer())
    _keep(patient, answer(user="", userId=""))
    _keep(patient, answer(userId="w0"))
    _keep(patient, answer(direction="out"))
    found = patient.check(CALLS__UNNAMED_ANSWER=means)
    told = [finding["what"] for finding in found if "name nobody" in finding["what"]]
    assert len(told) == 1
    assert told[0].startswith("answers that name nobody: 2.")
    assert f"calls.unnamed_answer: {means}" in told[0]


def _keep(patient: Patient, *rows: Any) -> None:
    database = Database(patient.environment["DATABASE__URL"])
    keep(database, *rows)
    database.close()


def _forget_hooks(patient: Patient) -> None:
    with closing(Database(patient.environment["DATABASE__URL"])) as database:
        delete_hooks(database)
