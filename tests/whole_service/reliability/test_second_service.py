"""A second `serve` on the files of the first, by whatever name: refused with a line, and the first goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.process import command, served
from tests.whole_service.reliability.scene import Scene

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("shared", ["sidecar.db", "journal.db"])
async def test_a_second_one_is_refused_whatever_link_leads_it_to_a_file(
    scene: Scene, sqlite_url: str, tmp_path: Path, shared: str
) -> None:
    with served(scene.environ(sqlite_url), tmp_path) as process:
        for name, make in (("hard", Path.hardlink_to), ("symbolic", Path.symlink_to)):
            (folder := tmp_path / name).mkdir()
            make(folder / shared, tmp_path / shared)
            second = command(scene.environ(f"sqlite:///{folder / 'sidecar.db'}"), folder, "serve")
            assert second.returncode == 1
            (line,) = second.stderr.splitlines()
            assert f"{shared} is in use by another `serve`, process {process.pid}" in line
        scene.call(process, "one")
        await scene.until_told("one")


async def test_a_second_one_beside_postgresql_is_refused_by_a_hard_link_to_the_journal(
    scene: Scene, postgres_url: str, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    with served(scene.environ(postgres_url, SIDECAR_DATABASE__JOURNAL=str(first)), tmp_path) as process:
        second.hardlink_to(first)
        refused = command(scene.environ(postgres_url, SIDECAR_DATABASE__JOURNAL=str(second)), tmp_path, "serve")
        assert refused.returncode == 1
        assert f"second.db is in use by another `serve`, process {process.pid}" in refused.stderr
