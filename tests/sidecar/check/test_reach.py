"""What keeps a Zammad from being reached, and what to do about each; and what happens when time runs out."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from sidecar.check.examination import Examination
from sidecar.check.reach import clock_difference, judge_clock, service_user
from sidecar.config import load
from sidecar.store.journal.local import LocalJournal
from sidecar.words.sentences import explained
from tests.sentences import ENGLISH, said
from tests.sidecar.check.patient import Patient
from zammad_client import Zammad

pytestmark = pytest.mark.anyio


def zammad(reply: httpx.Response | Exception) -> Zammad:
    def answer(_request: httpx.Request) -> httpx.Response:
        if isinstance(reply, Exception):
            raise reply
        unread = httpx.ByteStream(reply.content)
        return httpx.Response(reply.status_code, headers=reply.headers, stream=unread)

    transport = httpx.MockTransport(answer)
    return Zammad(url="https://zammad.example.com", token="secret", timeout=1.0, transport=transport)


def refusal(status: int, error: str) -> httpx.Response:
    return httpx.Response(status, json={"error": error})


@pytest.mark.parametrize(
    ("reply", "subject", "cure"),
    [
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"), "Zammad", "verify_tls"),
        (httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER] wrong version number"), "Zammad", "scheme or the port"),
        (httpx.ConnectError("[Errno -2] Name or service not known"), "Zammad", "correct the host in zammad.url"),
        (httpx.ConnectError("[Errno 111] Connection refused"), "Zammad", "start Zammad"),
        (httpx.Response(301, headers={"Location": "https://other"}), "Zammad", "the address it redirects to"),
        (httpx.Response(200, text="<html>a web page</html>"), "Zammad", "is no Zammad"),
        (httpx.Response(502), "Zammad", "check zammad.url, and that Zammad runs"),
        (refusal(403, "API token access disabled!"), "Zammad", "System > API"),
        (refusal(403, "Maintenance mode enabled!"), "Zammad", "maintenance mode"),
        (refusal(401, "Not authorized (token expired)!"), "token", "create a token"),
        (refusal(401, "Can't find User for Token"), "token", "create a token"),
        (refusal(401, "Login failed. Have you double-checked your credentials"), "token", "activate the service user"),
    ],
)
async def test_each_obstacle_has_its_cure(reply: httpx.Response | Exception, subject: str, cure: str) -> None:
    client = zammad(reply)
    user, finding = await service_user(client)
    await client.aclose()
    assert user is None
    assert (said(finding.subject), finding.level) == (subject, "problem")
    assert cure in explained(finding.reason, ENGLISH).cure
    assert "secret" not in str(finding)


@pytest.mark.parametrize(
    ("ahead", "level", "what"),
    [
        (0.6, "ok", "this machine and Zammad agree"),
        (-30.0, "ok", "this machine and Zammad agree"),
        (31.0, "warning", "this machine's clock is 31 seconds ahead of Zammad's"),
        (-600.0, "problem", "this machine's clock is 10 minutes behind Zammad's"),
    ],
)
def test_the_clock_is_judged_by_whole_seconds(ahead: float, level: str, what: str) -> None:
    finding = judge_clock(ahead)
    assert (finding.level, said(finding.reason)) == (level, what)


async def test_a_zammad_that_does_not_tell_its_time_is_no_trouble() -> None:
    client = zammad(httpx.Response(200, json={"id": 9}))
    finding = await clock_difference(client)
    await client.aclose()
    assert (finding.level, said(finding.reason)) == (
        "ok",
        "Zammad does not tell its time; a proxy in front of it would",
    )


def settings_of(patient: Patient) -> Examination:
    for name, value in patient.environment.items():
        patient.monkeypatch.setenv(f"SIDECAR_{name}", value)
    return Examination(settings=load(None, os.environ))


async def test_what_was_found_before_time_ran_out_still_counts(patient: Patient) -> None:
    examination = settings_of(patient)
    patient.sim.faults.hang(path="/api/v1/settings")
    await examination.run(seconds=3.0)
    subjects = [said(finding.subject) for finding in examination.findings]
    assert "Zammad" in subjects
    assert said(examination.findings[-1].reason) == "not finished within 3 secs, the rest was left out"


def test_a_database_on_postgresql_is_looked_at_as_well(patient: Patient, postgres_url: str) -> None:
    found = {each["subject"]: each for each in patient.check(DATABASE__URL=postgres_url)}
    assert found["database"]["level"] == "ok"
    assert found["synchronisation"]["what"] == "Zammad's settings were never read"
    assert patient.exit_code == 0


def test_beside_postgresql_the_file_for_what_it_does_not_take_is_looked_at(
    patient: Patient, postgres_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "aside.db"
    where = {"DATABASE__URL": postgres_url, "DATABASE__JOURNAL": str(file)}
    assert (
        f"free on the disk of {tmp_path}" in {each["subject"]: each for each in patient.check(**where)}["disk"]["what"]
    )
    file.write_text("no database at all\n" * 500)
    trouble = next(each for each in patient.check(**where) if each["level"] == "problem")
    assert (trouble["subject"], trouble["reason"]["code"]) == ("database", "own.aside_unusable")
    assert "not a database" in trouble["what"]
    assert "set aside at a restart" in trouble["cure"]
    away = {**where, "DATABASE__JOURNAL": str(tmp_path / "none" / "aside.db")}
    trouble = next(each for each in patient.check(**away) if each["level"] == "problem")
    assert "correct database.journal" in trouble["cure"]


def test_beside_postgresql_a_file_that_somebody_holds_is_named(
    patient: Patient, postgres_url: str, tmp_path: Path
) -> None:
    with closing(LocalJournal(file := tmp_path / "aside.db")) as journal:
        journal.try_out()
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        where = {"DATABASE__URL": postgres_url, "DATABASE__JOURNAL": str(file)}
        trouble = next(each for each in patient.check(**where) if each["level"] == "problem")
    assert "locked by another process" in trouble["what"]


@pytest.mark.parametrize("reply", [httpx.ConnectError("[Errno 111] Connection refused"), httpx.Response(502)])
async def test_a_zammad_that_is_away_after_a_migration_is_restarting(reply: httpx.Response | Exception) -> None:
    client = zammad(reply)
    _user, finding = await service_user(client, restarting=True)
    await client.aclose()
    assert finding.level == "warning"
    assert "restarting after the new attributes" in explained(finding.reason, ENGLISH).what


async def test_a_token_that_is_refused_during_a_restart_is_still_a_problem() -> None:
    client = zammad(refusal(401, "Can't find User for Token"))
    _user, finding = await service_user(client, restarting=True)
    await client.aclose()
    assert finding.level == "problem"
