"""The page of promises names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.places import ROOT

TESTS = ROOT / "tests"
PAGE = TESTS.parent / "docs" / "reliability.md"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def functions_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(PAGE.read_text(encoding="utf-8"))
    missing = [f"{file}::{name}" for file, name in named if name not in functions_of(TESTS / file)]
    assert len(named) > 30
    assert not missing


def test_every_promise_names_a_test() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and not re.match(r"\| (---|promise|what) ", line)]
    assert not [row for row in rows if not NAMED.search(row)]
