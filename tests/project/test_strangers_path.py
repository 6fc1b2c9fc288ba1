"""From an empty Zammad to the first dialog with the commands of docs/install.md, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
import yaml

from tests.places import ROOT
from tests.process import command, free_port, served
from tests.project.written_blocks import BLOCK, commands_in
from tests.service import environ_of
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

INSTALL = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
PLAYED = {"install", "check", "simulate"}


@pytest.fixture
def sim() -> Simulator:
    empty = Simulator(attributes=False)
    empty.restarts.after, empty.restarts.away = 0.0, 1.0
    for switch in ("cti_integration", "sipgate_integration"):
        empty.settings[switch] = False
    return empty


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


def documented_commands() -> list[list[str]]:
    shell = [code for _, language, code in BLOCK.findall(INSTALL) if language == "sh"]
    return [words for code in shell for words in commands_in(code) if words[0] in PLAYED]


def documented_configuration(url: str, public_url: str, folder: Path) -> str:
    """The first one of the page, with the addresses and files of this test."""
    first = next(code for _, language, code in BLOCK.findall(INSTALL) if language == "yaml")
    settings = yaml.safe_load(first)
    settings["zammad"]["url"] = url
    settings["server"]["public_url"] = public_url
    settings["zammad"]["token_file"] = str(folder / Path(settings["zammad"]["token_file"]).name)
    file = Path(settings["database"]["url"].removeprefix("sqlite:///"))
    assert file.is_absolute(), "commands are called from anywhere"
    settings["database"]["url"] = f"sqlite:///{folder / file.name}"
    return yaml.safe_dump(settings)


def on_the_page(sim: Simulator) -> None:
    """What the page asks to be filled in and switched on inside Zammad, by hand."""
    sim.settings["sipgate_config"] = {
        "outbound": {"routing_table": []},
        "inbound": {"block_caller_ids": []},
        "user_remote_map": [{"remote_user_id": "w0", "user_id": sim.user(4)["login"]}],
        "view_limit": 60,
    }
    sim.settings["sipgate_integration"] = True


def test_from_an_empty_zammad_to_the_first_dialog(sim: Simulator, url: str, tmp_path: Path) -> None:
    began = monotonic()
    environment = environ_of(sim, url, "", SIDECAR_SERVER__PORT=str(port := free_port()))
    for name in ("SIDECAR_ZAMMAD__URL", "SIDECAR_ZAMMAD__TOKEN", "SIDECAR_DATABASE__URL"):
        del environment[name]
    (tmp_path / "zammad-token.txt").write_text(sim.tokens.service)
    (tmp_path / "config.yaml").write_text(documented_configuration(url, f"http://127.0.0.1:{port}", tmp_path))
    first, *rest = documented_commands()
    assert first == ["install", "--dry-run"]
    dry = command(environment, tmp_path, *first)
    assert dry.returncode == 0, dry.stderr
    assert "User.cti_numbers" in dry.stdout
    done = command(environment, tmp_path, *rest.pop(0), "--yes")
    assert done.returncode == 0, done.stderr
    assert sim.settings["cti_integration"] is True
    on_the_page(sim)
    with served(environment, tmp_path):
        for words in rest:
            ran = command(environment, tmp_path, *words)
            assert ran.returncode == 0, f"{words}: {ran.stdout}{ran.stderr}"
    assert [opened.agent_id for opened in sim.opened] == [4]
    print(f"from the first command to the dialog: {monotonic() - began:.1f} s")  # noqa: T201 - written down in the page
