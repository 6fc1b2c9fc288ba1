"""A German sees no English sentence, neither in a table nor in a finding or a story."""

from __future__ import annotations

import re
from html import unescape
from string import Formatter

import pytest

from sidecar.words.catalogues import read_catalogue
from tests.sidecar.web.admin.admins import ADMIN, PAGES, desk_of

pytestmark = pytest.mark.anyio

GERMAN = {"Accept-Language": "de-AT"}


async def test_no_english_sentence_stands_on_an_admin_page(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        desk.sim.settings["sipgate_config"] = {"inbound": {"block_caller_ids": [{"caller_id": "rubbish"}]}}
        await desk.until_shown("/sync", "rubbish")
        await desk.service.call("1")
        await desk.until_shown("/hooks/1", "row in Zammad")
        await desk.change("/simulate/play", scenario="blocked", number="030 1234567")
        for path in (*PAGES, *(f"/hooks/{number}" for number in range(2, 6))):
            page = (await desk.browser.get(f"/sidecar/admin{path}", headers=GERMAN)).text
            assert english_in(page) == {}, path


async def test_no_english_sentence_stands_on_a_call(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        await desk.service.call("1")
        await desk.until_shown("/hooks/1", "row in Zammad")
        for path in ("/", "/calls/1", "/missed", "/numbers", "/wallboard"):
            page = (await desk.browser.get(f"/sidecar{path}", headers=GERMAN)).text
            assert english_in(page) == {}, path


def english_in(page: str) -> dict[str, str]:
    """Texts with words of a message in English."""
    shown = [*re.findall(r">([^<>]+)<", page), *re.findall(r'(?:aria-label|title|placeholder)="([^"]+)"', page)]
    texts = {" ".join(unescape(text).split()) for text in shown}
    found = {text: _untranslated_words(text) for text in texts}
    return {text: words for text, words in found.items() if words}


def _untranslated_words(text: str) -> str | None:
    """Several words stand anywhere in a text, one alone is all of it."""
    return next((words for words in WORDS if (words in text if " " in words else words == text)), None)


def _telling(message: str) -> str:
    """What stands between placeholders, the longest of it."""
    return max((literal.strip() for literal, *_ in Formatter().parse(message)), key=len, default="")


def _words() -> list[str]:
    pairs = [
        pair
        for message in read_catalogue("de")
        for pair in zip(_texts(message.id), _texts(message.string), strict=True)
    ]
    return [words for one, said in pairs if len(words := _telling(one)) > 3 and words.lower() not in said.lower()]


def _texts(said: object) -> list[str]:
    return [str(each) for each in said] if isinstance(said, list | tuple) else [str(said)]


WORDS = _words()
