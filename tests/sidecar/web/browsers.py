"""Debian's chromium, driven by playwright, where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.machine import CHROMIUM
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

expect.set_options(timeout=PATIENCE * 1000)


@contextmanager
def running_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIETLY))
        yield browser
        browser.close()


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
