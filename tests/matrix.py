"""What was played on which Zammad: a table at the end of the tests, carried there by their reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from zammad_client.simulator import VERSIONS

_NAME = "matrix"
Note = Callable[[str, object], None]  # pytest's `record_property`


def note_in_matrix(record_property: Note, *, scene: str, version: str, ok: bool) -> None:
    record_property(_NAME, (scene, version, ok))


def matrix_of(reports: Iterable[pytest.TestReport]) -> list[str]:
    """A line for each scene; nothing where none was played."""
    cells: dict[str, dict[str, bool]] = {}
    for report in reports:
        for name, value in report.user_properties if report.when == "call" else ():
            match value:
                case [str(scene), str(version), bool(ok)] if name == _NAME:
                    cells.setdefault(scene, {})[version] = ok
                case _:
                    continue
    if not cells:
        return []
    width = max(map(len, cells))
    head = f"{'on a Zammad of version':{width}}  " + "".join(f"{version:>5}" for version in VERSIONS)
    return [head, *(f"{scene:{width}}  {_line(row)}" for scene, row in cells.items())]


def _line(row: dict[str, bool]) -> str:
    marks = {None: "-", True: "ok", False: "NO"}
    return "".join(f"{marks[row.get(version)]:>5}" for version in VERSIONS)
