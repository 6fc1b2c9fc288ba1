"""Planted faults of the pages: nobody would get in, or links would lead nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from sidecar.cli import run
from tests.sidecar.check.patient import Findings, Patient

SECRET = "the-secret-of-the-application"


def about_pages(patient: Patient, **environment: str) -> Findings:
    found = [each for each in patient.check(**environment) if each["subject"] == "pages"]
    assert all(each["why"] and each["cure"] for each in found if each["level"] != "ok")
    return found


def only(patient: Patient, **environment: str) -> dict[str, Any]:
    [found] = about_pages(patient, **environment)
    return found


def oauth(patient: Patient, secret: str | None = None) -> dict[str, str]:
    application = patient.sim.oauth.register("sidecar", "https://phone.example.com/sidecar/sign-in/done")
    patient.secrets |= {application.secret, SECRET}
    return {"WEB__OAUTH_CLIENT_ID": application.client_id, "WEB__OAUTH_CLIENT_SECRET": secret or application.secret}


def test_under_zammads_host_its_own_session_signs_people_in(patient: Patient) -> None:
    found = only(patient)
    assert (found["level"], found["what"]) == (
        "ok",
        f"{patient.environment['SERVER__PUBLIC_URL']}/sidecar/: signed in by Zammad's own session",
    )


def test_the_callback_url_of_the_application_is_shown(patient: Patient) -> None:
    found = only(patient, **oauth(patient), WEB__ROOT_PATH="/phone")
    url = f"{patient.environment['SERVER__PUBLIC_URL']}/phone/sign-in/done"
    assert (found["level"], found["what"].endswith(f"callback URL of its application: {url}")) == ("ok", True)


def test_a_wrong_secret_of_the_application(patient: Patient) -> None:
    found = only(patient, **oauth(patient, SECRET))
    assert found["level"] == "problem"
    assert patient.exit_code == 1
    assert "web.oauth_client_id and web.oauth_client_secret_file" in found["cure"]


def test_where_zammad_is_down_that_is_one_cause(patient: Patient) -> None:
    patient.sim.faults.refuse()
    assert about_pages(patient, **oauth(patient)) == []


def test_a_host_of_their_own_without_an_application(patient: Patient) -> None:
    elsewhere = patient.environment["SERVER__PUBLIC_URL"].replace("127.0.0.1", "localhost")
    found = only(patient, SERVER__PUBLIC_URL=elsewhere)
    assert (found["level"], found["what"]) == (
        "warning",
        f"{elsewhere} is not Zammad's host: its session cookie does not get there",
    )
    assert "Pages on another host" in found["cure"]


def test_another_name_of_zammads_own_host_is_none_of_their_own(patient: Patient) -> None:
    of_zammad = patient.environment["ZAMMAD__URL"].replace("127.0.0.1", "localhost")
    assert only(patient, SERVER__PUBLIC_URL=of_zammad)["level"] == "ok"


def test_plain_http_keeps_nobody_signed_in(patient: Patient) -> None:
    found = about_pages(patient, SERVER__PUBLIC_URL="http://zammad.invalid")
    assert [each["what"] for each in found if each["level"] == "warning"] == [
        "http://zammad.invalid/sidecar/ is no https address"
    ]


@pytest.mark.parametrize(
    ("address", "level"),
    [("http://zammad-nginx:8080", "warning"), ("https://zammad.example.com", "ok"), ("http://[::1]:3000", "ok")],
)
def test_links_to_a_containers_name(patient: Patient, address: str, level: str) -> None:
    found = about_pages(patient, WEB__ZAMMAD_URL=address)
    assert found[-1]["level"] == level
    assert (address in found[-1]["what"]) == (level == "warning")


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"WEB__OAUTH_CLIENT_ID": "id"}, "web.oauth_client_id: goes together with web.oauth_client_secret_file"),
        ({"WEB__OAUTH_CLIENT_SECRET": "x"}, "web.oauth_client_id: goes together with web.oauth_client_secret_file"),
        (
            {"WEB__OAUTH_CLIENT_ID": "id", "WEB__OAUTH_CLIENT_SECRET_FILE": "nowhere.txt"},
            "web.oauth_client_secret_file: nowhere.txt: no such file",
        ),
    ],
)
def test_half_an_application_stops_every_command_with_the_key(
    patient: Patient, variables: dict[str, str], words: str
) -> None:
    for name, value in {**patient.environment, **variables}.items():
        patient.monkeypatch.setenv(f"SIDECAR_{name}", value)
    assert run(["check"]) == 2
    assert patient.capsys.readouterr().err.startswith(words)
