"""Debian's chromium, driven by playwright, where there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.machine import CHROMIUM
from tests.sidecar.store.calls.saved_calls import JANE
from tests.sidecar.web.service import ZAMMAD_COOKIE, Service
from tests.waiting import PATIENCE

QUIETLY = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "is_mobile": True, "has_touch": True}

expect.set_options(timeout=PATIENCE * 1000)


@contextmanager
def running_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIETLY))
        yield browser
        browser.close()


class RunningBrowser:
    """Its event loop counts as running in this thread as long as it is there, and no other one may run beside it."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._loop = asyncio.get_running_loop()

    def awake(self) -> Browser:
        asyncio._set_running_loop(self._loop)  # for whoever runs loops, says asyncio
        return self._browser

    def asleep(self) -> None:
        """Now other tests may run loops of theirs."""
        asyncio._set_running_loop(None)


@contextmanager
def person(browser: Browser, service: Service, user_id: int | None, **how: Any) -> Iterator[BrowserContext]:
    """A browser of its own in which this person is signed in to Zammad under the same host."""
    options = {"timezone_id": "Europe/Berlin", "locale": "en-GB", "reduced_motion": "reduce", **how}
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE * 1000)
    if user_id is not None:
        session = service.sim.log_in(user_id)
        context.add_cookies([{"name": ZAMMAD_COOKIE, "value": session, "url": service.zammad_url}])
    yield context
    context.close()


@contextmanager
def page_of(browser: Browser, service: Service, user_id: int | None = JANE, **how: Any) -> Iterator[Page]:
    """Whatever the browser complains about fails the test: blocked by the policy, faults of scripts."""
    complaints: list[str] = []
    with person(browser, service, user_id, **how) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said.type, said.text) else None)
        yield page
    assert not complaints, complaints


def _is_complaint(kind: str, text: str) -> bool:
    lost_connection = ("Failed to load resource", "ERR_", "[object Event]", "htmx:sendError", "htmx:afterRequest")
    return kind == "error" and not any(words in text for words in lost_connection)


def open_live(page: Page, service: Service, path: str = "/") -> None:
    page.goto(service.url + path)
    expect(page.locator(".live.on")).to_be_visible()
