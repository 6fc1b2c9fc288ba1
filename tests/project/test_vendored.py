"""Files that others have written: which version, unchanged, under what licence."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from tests.places import ROOT

VENDORED = sorted(file for room in ("sidecar", "tests") for file in (ROOT / room).rglob("vendor/*.js"))


@pytest.mark.parametrize("file", VENDORED, ids=lambda file: file.name)
def test_a_file_of_others_has_its_version_and_licence_beside_it_and_is_as_they_made_it(file: Path) -> None:
    name = file.name.removesuffix(".js").removesuffix(".min")
    first, second, *licence = file.with_name(f"{name}.LICENSE.txt").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(rf"{re.escape(file.name)}: [\w./-]+ of [\w.-]+ [\d.]+, unchanged", first)
    assert second == f"sha256 {sha256(file.read_bytes()).hexdigest()}"
    assert len(licence) > 5
