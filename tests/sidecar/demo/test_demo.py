"""`demo` as people start it: the whole of the project in one process, judged by what the simulated Zammad shows."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import PATIENCE


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A configuration nobody may read, and a place of its own for what is thrown away."""
    (tmp_path / "config.yaml").write_text("zammad: {url: https://real.example}\nno_such_section: 1\n")
    (tmp_path / "tmp").mkdir()
    hostile = {
        "SIDECAR_ZAMMAD__URL": "https://real.example",
        "SIDECAR_NO_SUCH_KEY": "1",
        "SIDECAR_DATABASE__URL": f"sqlite:///{tmp_path / 'real.db'}",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "TMPDIR": str(tmp_path / "tmp"),
    }
    return {**os.environ, **hostile}


def started(environment: dict[str, str], folder: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-m", "sidecar", "demo", *options],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What it said on both streams; where it does not end, what it hangs in."""
    try:
        return process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        pytest.fail("\n".join(process.communicate()))


def test_every_expected_effect_is_seen_in_the_simulated_zammad(environment: dict[str, str], tmp_path: Path) -> None:
    with started(environment, tmp_path, "--once", "--port", "0") as process:
        shown, complaints = ended(process)
    assert process.returncode == 0, shown + complaints
    assert "Traceback" not in complaints
    assert re.search(r"^(\d+) of \1 scenes as expected$", shown, re.MULTILINE)
    assert "\x1b" not in shown
    assert not (tmp_path / "real.db").exists()
    assert not list((tmp_path / "tmp").iterdir())


def test_a_taken_port_is_one_clear_line(environment: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with started(environment, tmp_path, "--once", "--port", port) as process:
            shown, complaints = ended(process)
    assert process.returncode == 1
    assert shown == ""
    assert re.fullmatch(rf"port {port}: [^\n]+; choose another one with --port\n", complaints)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_plays_on_until_it_is_told_to_stop_and_tidies_up(
    ending: signal.Signals, environment: dict[str, str], tmp_path: Path
) -> None:
    with started(environment, tmp_path, "--port", "0") as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not any("answer (Jane Doe)" in line for line in lines):
            lines.append(process.stdout.readline())
            assert lines[-1], process.communicate()
        process.send_signal(ending)
        _, complaints = ended(process)
    assert process.returncode == 0
    assert "Traceback" not in complaints
    assert lines[0].startswith("sidecar          http://127.0.0.1:")
    assert lines[1].startswith("simulated Zammad http://127.0.0.1:")
    assert not list((tmp_path / "tmp").iterdir())
