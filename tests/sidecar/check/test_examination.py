"""sipgate's own interface within the whole check."""

from __future__ import annotations

import pytest

from sipgate_client.records import Kind
from sipgate_client.simulator import SimulatedSipgate
from sipgate_client.simulator.server import running
from tests.sidecar.check.patient import Patient


def test_without_a_token_sipgate_is_not_mentioned(patient: Patient) -> None:
    assert not [each for each in patient.check() if each["subject"] in {"sipgate", "hooks at sipgate"}]


def test_with_a_token_the_hook_urls_at_sipgate_are_looked_at_among_the_rest(patient: Patient) -> None:
    sim = SimulatedSipgate()
    patient.secrets.add(sim.token)
    with running(sim) as url:
        found = patient.check(SIPGATE__API__URL=url, SIPGATE__API__TOKEN_ID=sim.token_id, SIPGATE__API__TOKEN=sim.token)
    said = {each["what"] for each in found}
    assert "no hook URL is set for incoming calls" in said
    assert "sipgate knows the token; it belongs to w0 of account 1234567" in said
    assert patient.exit_code == 1


@pytest.mark.parametrize("kind", Kind)
def test_an_account_of_either_kind_in_which_all_is_right_has_no_trouble(patient: Patient, kind: Kind) -> None:
    sim = SimulatedSipgate(kind)
    assert sim.hook_settings is not None
    ours = f"{patient.environment['SERVER__PUBLIC_URL']}/api/v1/sipgate/{patient.sim.sipgate_token}"
    sim.hook_settings |= {"incomingUrl": f"{ours}/in", "outgoingUrl": f"{ours}/out"}
    with running(sim) as url:
        found = patient.check(SIPGATE__API__URL=url, SIPGATE__API__TOKEN_ID=sim.token_id, SIPGATE__API__TOKEN=sim.token)
    of_sipgate = [each for each in found if each["subject"] in {"sipgate", "hooks at sipgate", "caller ids"}]
    assert [each for each in of_sipgate if each["level"] != "ok"] == []
    said = {each["what"] for each in of_sipgate}
    assert "both hook URLs at sipgate lead here, with the current token" in said
    assert ("the history of calls: not available on this kind of account" in said) is (kind is Kind.NEO)


@pytest.mark.parametrize("lines", ["", "0049 30 600001"])
def test_sipgates_own_e_mails_are_too_many_only_where_the_sidecar_makes_tickets_as_well(
    patient: Patient, lines: str
) -> None:
    sim = SimulatedSipgate()
    [mailbox] = patient.sim.mailboxes
    line = {"endpointId": "p0", "endpointAlias": "Nina", "emails": [{"id": "1", "email": mailbox}]}
    sim.notices["w0"] = {"call": [line], "voicemail": [], "sms": [], "fax": []}
    patient.sim.change_group(2, cti_callbacks=lines)
    with running(sim) as url:
        found = patient.check(SIPGATE__API__URL=url, SIPGATE__API__TOKEN_ID=sim.token_id, SIPGATE__API__TOKEN=sim.token)
    [told] = [each for each in found if mailbox in each["what"]]
    assert told["level"] == ("warning" if lines else "ok")


@pytest.mark.parametrize("token", ["wrong-token-of-sipgate"])
def test_a_wrong_token_for_sipgate_is_named_and_not_shown(patient: Patient, token: str) -> None:
    patient.secrets.add(token)
    with running(SimulatedSipgate()) as url:
        environment = {"SIPGATE__API__URL": url, "SIPGATE__API__TOKEN_ID": "token-X", "SIPGATE__API__TOKEN": token}
        [trouble] = patient.troubles(**environment)
    assert trouble["what"].startswith("sipgate does not know the token")
