"""The blocks of code in the documentation."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.places import ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    page: str
    language: str
    code: str


def blocks() -> list[Block]:
    return [
        Block(page=page.name, language=language, code=re.sub(rf"^{indent}", "", code, flags=re.MULTILINE))
        for page in PAGES
        for indent, language, code in BLOCK.findall(page.read_text(encoding="utf-8"))
    ]


def blocks_in(*languages: str) -> list[Any]:
    found = [block for block in blocks() if block.language in languages]
    return [pytest.param(block, id=f"{block.page}-{number}") for number, block in enumerate(found)]


def commands_in(code: str) -> Iterator[list[str]]:
    for line in code.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words[:2] == ["docker", "exec"]:  # the container is named before its command
            words = words[words.index("sipgate-sidecar") + 1 :]
        if words and words[0].rpartition("/")[2] == "sipgate-sidecar":
            yield words[1:]
