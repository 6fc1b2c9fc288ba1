"""sipgate's own interface within the whole check."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize("token", ["wrong-token-of-sipgate"])
def test_a_wrong_token_for_sipgate_is_named_and_not_shown(patient: Patient, token: str) -> None:
    patient.secrets.add(token)
    with running(SimulatedSipgate()) as url:
        environment = {"SIPGATE__API__URL": url, "SIPGATE__API__TOKEN_ID": "token-X", "SIPGATE__API__TOKEN": token}
        [trouble] = patient.troubles(**environment)
    assert trouble["what"].startswith("sipgate does not know the token")
