"""compose.yaml: what its schema says of it, and that its parts fit together."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft201909Validator

from sidecar.config import load
from tests.places import ROOT
from zammad_client.simulator import Simulator

HERE = Path(__file__).parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
REPLICAS = ["sidecar-1", "sidecar-2"]


def test_it_keeps_to_the_schema_of_compose_files() -> None:
    schema = json.loads((HERE / "compose-spec.json").read_text())
    assert [error.message for error in Draft201909Validator(schema).iter_errors(COMPOSE)] == []


@pytest.mark.parametrize("name", REPLICAS)
def test_the_replicas_settings_are_settings(name: str) -> None:
    settings = load(None, SERVICES[name]["environment"])
    assert settings.zammad.url == "http://zammad:3000"
    assert settings.zammad.token.get_secret_value() == Simulator().tokens.service


def test_whom_a_service_waits_for_is_there() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", ())) <= set(SERVICES), name


def test_whoever_is_waited_for_until_healthy_says_when_it_is() -> None:
    said_by_image = {*REPLICAS} if "HEALTHCHECK" in (ROOT / "Dockerfile").read_text() else set()
    for service in SERVICES.values():
        for name, wait in service.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert name in said_by_image or "healthcheck" in SERVICES[name]


def test_what_nginx_passes_requests_to_are_services() -> None:
    (mounted,) = (volume.split(":")[0] for volume in SERVICES["nginx"]["volumes"])
    servers = re.findall(r"^\s*server ([\w-]+):(\d+)", (ROOT / mounted).read_text(), re.MULTILINE)
    assert servers == [("sidecar-1", "8600"), ("sidecar-2", "8600"), ("zammad", "3000")]
    assert {name for name, _ in servers} <= set(SERVICES)


def test_the_database_is_the_one_the_replicas_use() -> None:
    there = SERVICES["database"]["environment"]
    wanted = f"{there['POSTGRES_USER']}:{there['POSTGRES_PASSWORD']}@database/{there['POSTGRES_DB']}"
    assert {SERVICES[name]["environment"]["SIDECAR_DATABASE__URL"] for name in REPLICAS} == {
        f"postgresql+psycopg://{wanted}"
    }
