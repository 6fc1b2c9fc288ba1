"""A disk that can only be read, as after a fault: the service starts, answers by its last rules, says what it lacks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process import served
from tests.waiting import until
from tests.whole_service.reliability.scene import BLOCKED, Scene

pytestmark = pytest.mark.anyio


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """One of its own."""
    (disk := tmp_path / "disk").mkdir()
    if shutil.which("mount") is None:
        pytest.skip("mount is not installed")
    try:
        mount("-t", "tmpfs", "none", str(disk))
    except subprocess.CalledProcessError:
        pytest.skip("whoever runs the tests may not mount a disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True, capture_output=True)


async def test_on_a_disk_that_can_only_be_read_phones_are_answered_by_the_last_rules(
    scene: Scene, sqlite_template: Path, tmp_path: Path, disk: Path
) -> None:
    for file in (sqlite_template, sqlite_template.with_name("journal.db")):
        shutil.copy(file, disk)
    with served(scene.environ(f"sqlite:///{disk / 'sidecar.db'}"), tmp_path) as process:
        assert process.stop() == 0
        mount("-o", "remount,ro", str(disk))
        process.begin()
        process.wait_until_it_listens()
        assert "Reject" in scene.hook(process, "newCall", "blocked", BLOCKED), "the last rules hold"
        scene.call(process, "meanwhile")
        await until(lambda: scene.lacking(process).startswith("database"))
        await until(lambda: scene.metric(process, "sidecar_journal_failures_total") == 4)
        mount("-o", "remount,rw", str(disk))
        process.wait_until_ready()
        await scene.until_told("meanwhile")


async def test_beside_postgresql_a_disk_that_can_only_be_read_costs_nothing(
    scene: Scene, postgres_url: str, tmp_path: Path, disk: Path
) -> None:
    mount("-o", "remount,ro", str(disk))
    environ = scene.environ(postgres_url, SIDECAR_DATABASE__JOURNAL=str(disk / "journal.db"))
    with served(environ, tmp_path) as process:
        assert "Reject" in scene.hook(process, "newCall", "blocked", BLOCKED)
        scene.call(process, "one")
        await scene.until_told("one")
        assert scene.metric(process, "sidecar_journal_failures_total") == 0
