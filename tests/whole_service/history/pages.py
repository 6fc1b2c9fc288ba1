"""What somebody reads on the pages of a running service, as plain text, without what no history can know."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape

import httpx

from tests.sidecar.web.service import ZAMMAD_COOKIE
from tests.waiting import PATIENCE, until
from zammad_client.simulator import Simulator

ADMIN = 3
DAY = "2026-09-28"
FROM_HISTORY = "from the history"
WAITS = (4, 5, 6)  # columns of the statistics: in time, median and 90 % of the waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Sorted, since the order in which calls become known may differ."""

    calls: list[tuple[str, ...]]
    stories: list[tuple[str, ...]]
    missed: list[str]
    tiles: list[str]
    lines: list[tuple[str, ...]]
    agents: list[tuple[str, ...]]
    statistics: str


@asynccontextmanager
async def signed_in(url: str, sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE, headers=headers) as browser:
        browser.cookies.set(ZAMMAD_COOKIE, sim.log_in(ADMIN), domain="127.0.0.1")

        async def is_in() -> bool:
            """Rights are read by a job of the service."""
            return (await browser.get("/sidecar/sign-in")).status_code == httpx.codes.SEE_OTHER

        await until(is_in)
        yield browser


async def seen(browser: httpx.AsyncClient) -> Seen:
    rows = await _rows(browser)
    statistics = (await browser.get(f"/sidecar/statistics?since={DAY}&until={DAY}")).text
    missed = (await browser.get("/sidecar/missed")).text
    return Seen(
        calls=sorted(map(_call, rows)),
        stories=sorted([_story((await browser.get(path)).text) for path in map(_path, rows)]),
        missed=sorted(map(_missed, re.findall(r'<li id="missed-.*?</details>', missed, re.DOTALL))),
        tiles=[_text(each) for each in re.findall(r"<dt>.*?</dt><dd>.*?</dd>", _tiles(statistics))],
        lines=_table(statistics, "By line"),
        agents=_table(statistics, "By agent"),
        statistics=_text(statistics),
    )


async def count_of_calls(browser: httpx.AsyncClient) -> int:
    return len(await _rows(browser))


async def _rows(browser: httpx.AsyncClient) -> list[str]:
    found: list[str] = []
    path: str | None = "/sidecar/"
    while path:
        html = (await browser.get(path)).text
        found += re.findall(r'<tr id="call-.*?</tr>', html, re.DOTALL)
        older = re.search(r'href="([^"]*[?&;]before=\d+[^"]*)">Older', html)
        path = unescape(older[1]) if older else None
    return found


def _path(row: str) -> str:
    return str(re.findall(r'href="(/sidecar/calls/\d+)"', row)[0])


def _call(row: str) -> tuple[str, ...]:
    cells = dict(re.findall(r'<td class="(?:span )?(\w+)[^"]*">(.*?)</td>', row, re.DOTALL))
    names = ("when", "who", "state", "agent", "line", "talking")
    return tuple(_text(cells[name]).replace(FROM_HISTORY, "").strip() for name in names)


def _story(html: str) -> tuple[str, ...]:
    """Its head; the timeline has times that the history does not know."""
    article = re.findall(r'<article class="story".*?<ol class="timeline">', html, re.DOTALL)[0]
    head = re.findall(r'<p class="call .*?</p>', article, re.DOTALL)[0]
    facts = re.findall(r"<dt>(?!Waiting).*?</dt>\s*<dd.*?</dd>", article, re.DOTALL)
    message = re.findall(r'<div class="voicemail">.*?</div>', article, re.DOTALL)
    who = re.findall(r"<h2>.*?</h2>", article, re.DOTALL)
    shown = (_text(each).replace(FROM_HISTORY, "").strip() for each in (head, *who, *facts, *message))
    return tuple(shown)


def _missed(item: str) -> str:
    """Without how long it rang and where; when an entry was closed is when its call became known."""
    facts = item.partition('<div class="facts">')[2].partition("<details")[0]
    facts = re.sub(r'<p class="quiet">Rang .*?</p>', "", facts, flags=re.DOTALL)
    closing = re.sub(r'(<p class="because">.*?), [^,<]*</p>', r"\1</p>", facts, flags=re.DOTALL)
    return _text(closing)


def _tiles(html: str) -> str:
    return html.partition('<dl class="tiles">')[2].partition("</dl>")[0]


def _table(html: str, title: str) -> list[tuple[str, ...]]:
    """Without the waits."""
    table = re.findall(rf"<h2>{title}</h2>.*?<tbody>(.*?)</tbody>", html, re.DOTALL)[0]
    rows = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL) for row in re.findall(r"<tr>.*?</tr>", table)]
    return sorted(tuple(_text(cell) for place, cell in enumerate(row) if place not in WAITS) for row in rows)


def _text(html: str) -> str:
    without = re.sub(r"<[^>]+>", " ", html)
    return " ".join(unescape(without).replace("\u2068", "").replace("\u2069", "").split())
