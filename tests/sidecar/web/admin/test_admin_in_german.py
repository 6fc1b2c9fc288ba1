"""A German sees no English sentence, neither in a table nor in a finding or a story."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.sentences import english_in
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
            assert english_on(page) == {}, path


async def test_no_english_sentence_stands_on_a_call(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        await desk.service.call("1")
        await desk.until_shown("/hooks/1", "row in Zammad")
        for path in ("/", "/calls/1", "/missed", "/statistics", "/wallboard"):
            page = (await desk.browser.get(f"/sidecar{path}", headers=GERMAN)).text
            assert english_on(page) == {}, path


def english_on(page: str) -> dict[str, list[str]]:
    """Texts of several words with some that are English."""
    shown = [*re.findall(r">([^<>]+)<", page), *re.findall(r'(?:aria-label|title|placeholder)="([^"]+)"', page)]
    texts = {" ".join(unescape(text).split()) for text in shown}
    return {text: words for text in texts if " " in text and (words := english_in(text))}
