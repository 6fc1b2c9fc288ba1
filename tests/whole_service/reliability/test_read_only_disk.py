"""A disk that can only be read, as after a fault: the service starts, answers by its last rules, says what it lacks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sidecar.store.database import Database
from tests.process import served
from tests.waiting import until
from tests.whole_service.reliability.scene import BLOCKED, CALL, Scene
from tests.whole_service.reliability.watching import journalled

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


@pytest.fixture
def breakable_disk(tmp_path: Path) -> Iterator[tuple[Path, Callable[[], object]]]:
    """One of its own, and what makes its file system find an error: from then on it takes no write from anybody."""
    if shutil.which("mkfs.ext4") is None or shutil.which("losetup") is None:
        pytest.skip("mkfs.ext4 or losetup is not installed")
    image, disk = tmp_path / "disk.img", tmp_path / "breakable"
    disk.mkdir()
    image.write_bytes(bytes(16 * 1024 * 1024))
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True, capture_output=True)
    try:
        mount("-o", "loop,errors=remount-ro", str(image), str(disk))
    except subprocess.CalledProcessError:
        pytest.skip("whoever runs the tests may not mount a disk")
    named = subprocess.run(["losetup", "-j", str(image)], check=True, capture_output=True, text=True).stdout
    error = Path("/sys/fs/ext4", Path(named.partition(":")[0]).name, "trigger_fs_error")
    yield disk, lambda: error.write_text("1")
    subprocess.run(["umount", "--lazy", str(disk)], check=True, capture_output=True)


async def test_a_disk_that_takes_no_write_any_more_is_noticed_counted_and_said_and_no_hook_counts_as_kept(
    scene: Scene, sqlite_template: Path, tmp_path: Path, breakable_disk: tuple[Path, Callable[[], object]]
) -> None:
    disk, break_it = breakable_disk
    for file in (sqlite_template, sqlite_template.with_name("journal.db")):
        shutil.copy(file, disk)
    with served(scene.environ(f"sqlite:///{disk / 'sidecar.db'}"), tmp_path) as process:
        scene.call(process, "before")
        await scene.until_told("before")
        break_it()
        assert "Reject" in scene.hook(process, "newCall", "blocked", BLOCKED), "the rules hold"
        scene.call(process, "meanwhile")
        await until(lambda: scene.metric(process, "sidecar_journal_failures_total") == 4)
        await until(lambda: scene.lacking(process) != "ok")
        assert "readonly" in process.log.read_text()
        process.kill()
    shutil.copytree(disk, left := tmp_path / "left", ignore=shutil.ignore_patterns("lost+found"))
    with closing(Database(f"sqlite:///{left / 'sidecar.db'}")) as database:
        kept = await database.read(journalled)
    assert {kept["before", event] for event in CALL} == {1}
    assert not any(call in {"meanwhile", "blocked"} for call, _ in kept)


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
