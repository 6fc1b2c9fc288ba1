"""deploy/sipgate-sidecar: commands see what the service sees, and leave nothing that it cannot open."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.places import ROOT

WRAPPER = (ROOT / "deploy" / "sipgate-sidecar").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "sipgate-sidecar.service").read_text(encoding="utf-8")
PROGRAM = """#!/bin/sh
echo "config=$SIDECAR_CONFIG home=$HOME umask=$(umask)"
for argument in "$@"; do echo "argument=$argument"; done
"""


class Prefix:
    """What is installed, below a directory of the test's own, with stand-ins for `id` and `setpriv`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"
        self._bin = folder / "bin"
        for directory in (self.state, self._bin):
            directory.mkdir()
        self.program = self._script("program", PROGRAM)

    def become(self, name: str, number: int) -> None:
        self._script("id", f'#!/bin/sh\n[ "$1" = -un ] && echo {name} || echo {number}\n')
        self._script("setpriv", '#!/bin/sh\necho "became=$2:$4 $5"\nshift 5\nexec "$@"\n')

    def run(
        self, *arguments: str, replaced: tuple[str, str] = ("", ""), **environment: str
    ) -> subprocess.CompletedProcess[str]:
        text = WRAPPER.replace("/opt/sidecar/bin/sipgate-sidecar", str(self.program))
        text = text.replace("state=/var/lib/sipgate-sidecar", f"state={self.state}")
        command = self._script("command", text.replace(*replaced))
        environ = {"PATH": f"{self._bin}:{os.environ['PATH']}", "HOME": "/nowhere", **environment}
        return subprocess.run([command, *arguments], env=environ, capture_output=True, text=True, check=False)

    def _script(self, name: str, text: str) -> Path:
        file = self._bin / name
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)
        return file


@pytest.fixture
def prefix() -> Iterator[Prefix]:
    folder = Path(mkdtemp(prefix="wrapper"))  # others may not look into pytest's own
    folder.chmod(0o755)
    yield Prefix(folder)
    shutil.rmtree(folder)


def test_root_goes_on_as_the_user_of_the_service_with_its_configuration(prefix: Prefix) -> None:
    prefix.become("root", 0)
    done = prefix.run("check", "--show-urls", "+49 30 1")
    assert done.stdout.splitlines() == [
        "became=sipgate-sidecar:sipgate-sidecar --init-groups",
        f"config=/etc/sipgate-sidecar/config.yaml home={prefix.state} umask=0077",
        "argument=check",
        "argument=--show-urls",
        "argument=+49 30 1",
    ]


def test_another_configuration_may_be_named(prefix: Prefix) -> None:
    prefix.become("root", 0)
    assert "config=/etc/other.yaml" in prefix.run("check", SIDECAR_CONFIG="/etc/other.yaml").stdout


def test_that_user_needs_nobody_else(prefix: Prefix) -> None:
    prefix.become("sipgate-sidecar", 998)
    done = prefix.run("hooks", "list")
    assert "became" not in done.stdout
    assert "argument=hooks" in done.stdout


def test_anybody_else_is_told_to_be_root(prefix: Prefix) -> None:
    prefix.become("jane", 1000)
    done = prefix.run("check")
    assert (done.returncode, done.stdout) == (2, "")
    assert "run it as root" in done.stderr


def test_the_exit_code_is_that_of_the_command(prefix: Prefix) -> None:
    prefix.become("root", 0)
    prefix.program.write_text("#!/bin/sh\nexit 1\n")
    assert prefix.run("check").returncode == 1


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("setpriv"), reason="only root becomes somebody else")
def test_what_root_starts_leaves_files_of_the_services_user(prefix: Prefix) -> None:
    nobody = pwd.getpwnam("nobody")
    shutil.chown(prefix.state, nobody.pw_uid)
    prefix.program.write_text('#!/bin/sh\n: > "$HOME/sidecar.db-wal"\nid -u\n')
    done = prefix.run(
        "check", replaced=('"$user" --regid "$user" --init', f"{nobody.pw_uid} --regid {nobody.pw_gid} --clear")
    )
    assert done.stdout == f"{nobody.pw_uid}\n", done.stderr
    left = (prefix.state / "sidecar.db-wal").stat()
    assert (left.st_uid, left.st_mode & 0o777) == (nobody.pw_uid, 0o600)


def test_unit_and_command_agree() -> None:
    for line in ("User=sipgate-sidecar\n", "StateDirectory=sipgate-sidecar\n", "UMask=0077\n"):
        assert line in UNIT
    assert "serve --config /etc/sipgate-sidecar/config.yaml\n" in UNIT
    assert "SIDECAR_DATABASE" not in UNIT, "the commands would not know of it"
    assert "SIDECAR_ZAMMAD" not in UNIT
