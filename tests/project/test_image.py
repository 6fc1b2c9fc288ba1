"""What the image is made of, shown without Docker: the wheel in a clean virtual environment, the Dockerfile's lines."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.machine import takes_minutes
from tests.places import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def instructions() -> list[tuple[str, str]]:
    """Of the last stage."""
    lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE)).splitlines()
    all_of_them = [(line.split()[0], line.partition(" ")[2]) for line in lines if line.strip()]
    last = max(place for place, (name, _) in enumerate(all_of_them) if name == "FROM")
    return all_of_them[last:]


def test_the_image_runs_without_rights_and_writes_to_its_volume_alone() -> None:
    last = dict(instructions())
    assert last["USER"] == "10001:10001"
    assert last["VOLUME"] == last["WORKDIR"] == "/data"
    assert "sqlite:////data/" in last["ENV"]
    assert "PYTHONDONTWRITEBYTECODE=1" in last["ENV"], "nothing is written beside the code on a read-only root"
    assert last["ENTRYPOINT"] == '["sipgate-sidecar"]'


def test_everything_that_is_installed_is_pinned_with_its_hash() -> None:
    installs = re.findall(r"pip (?:install|wheel) ([^&]*?)(?=&&|\n[A-Z]|\Z)", DOCKERFILE, re.DOTALL)
    assert installs
    for arguments in installs:
        assert "--require-hashes" in arguments or "--no-index" in arguments or "--no-build-isolation" in arguments


def test_a_linter_finds_nothing() -> None:
    hadolint = shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is not installed")
    linted = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: what an earlier build has left in the tree would get into it."""
    room = tmp_path_factory.mktemp("wheel")
    left_out = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__", "tests", "bench")
    shutil.copytree(ROOT, room / "source", ignore=left_out)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "-w", str(room), str(room / "source")], check=True)
    [wheel] = room.glob("*.whl")
    return wheel


@takes_minutes
def test_the_wheel_has_every_file_of_the_pages_and_the_licences_of_what_others_have_written(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    below = ("sidecar/web/static", "sidecar/web/templates")
    kept = {file.relative_to(ROOT).as_posix() for room in below for file in (ROOT / room).rglob("*") if file.is_file()}
    assert kept - set(names) == set()
    licences = {name.partition(".dist-info/licenses/")[2] for name in names} - {""}
    assert licences == {"LICENSE", *(name for name in kept if name.endswith(".LICENSE.txt"))}


@takes_minutes
def test_the_wheel_works_in_a_clean_environment_that_cannot_be_written_to(wheel: Path, tmp_path: Path) -> None:
    python = tmp_path / "clean" / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "clean"], check=True)
    subprocess.run([*pip, "install", "--require-hashes", "-r", str(ROOT / "requirements" / "runtime.lock")], check=True)
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    subprocess.run(["chmod", "-R", "a-w", tmp_path / "clean"], check=True)
    demo = [str(python.with_name("sipgate-sidecar")), "demo", "--once", "--port", "0"]
    data = tmp_path / "data"
    data.mkdir()
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(data), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(demo, cwd=data, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    size = sum(file.stat().st_size for file in (tmp_path / "clean").rglob("*") if file.is_file())
    print(f"wheel {wheel.stat().st_size / 1e6:.1f} MB, environment {size / 1e6:.0f} MB")  # noqa: T201 - stated in the page
