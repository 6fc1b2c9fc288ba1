"""Whoever cites a reference names sections that are there, and none stands there for nobody."""

from __future__ import annotations

import re

import pytest

from tests.places import PACKAGES, ROOT

DOCS = ROOT / "docs"
REFERENCES = [file.name for file in sorted((DOCS / "reference").glob("*.md"))]
CITED = re.compile(r"docs/reference/(\w+\.md) sections? (\d[\d.]*(?:(?:, | and )\d[\d.]*)*)")
NAMED = re.compile(r"docs/reference/\w+\.md|(?i:zammad|sipgate)(?:'s)? reference|\breference,? section")
FILES = [
    file
    for folder in (*PACKAGES, "bench", "tests")
    for file in sorted((ROOT / folder).rglob("*"))
    if file.suffix in {".py", ".jsonl"} and file.name != "test_references.py"
]


def sections(name: str) -> dict[str, str]:
    """Number -> the anchor of its heading."""
    text = (DOCS / "reference" / name).read_text(encoding="utf-8")
    titles: list[tuple[str, str]] = re.findall(r"^##+ (\d[\d.]*) (.+)$", text, re.MULTILINE)
    return {number: re.sub(r"[^\w\- ]", "", f"{number} {title}".lower()).replace(" ", "-") for number, title in titles}


def cited() -> set[tuple[str, str]]:
    return {
        (name, number.rstrip("."))
        for file in FILES
        for name, numbers in CITED.findall(file.read_text(encoding="utf-8"))
        for number in re.findall(r"\d[\d.]*", numbers)
    }


def linked(name: str) -> set[str]:
    texts = [page.read_text(encoding="utf-8") for page in DOCS.glob("*.md")]
    return {number for number, anchor in sections(name).items() if any(f"{name}#{anchor})" in text for text in texts)}


def test_every_cited_section_exists() -> None:
    assert cited() <= {(name, number) for name in REFERENCES for number in sections(name)}


def test_references_are_cited_in_one_way() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        assert len(NAMED.findall(text)) == len(CITED.findall(text)), file


@pytest.mark.parametrize("name", REFERENCES)
def test_every_section_is_cited_or_linked(name: str) -> None:
    """Itself, or the chapter it belongs to; a chapter also by one of its sections."""
    used = {number for file, number in cited() if file == name} | linked(name)
    chapters = {number.partition(".")[0] for number in used}
    idle = {number for number in sections(name) if number not in used and number.partition(".")[0] not in used}
    assert not idle - chapters
