"""What is wrong with a page as it is drawn; axe brings its script itself, past the policy (`bypass_csp`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
# What is wider than the window, or shows less than it holds, as "tag.class".
CUT_OFF = """() => [...document.querySelectorAll('main *, .menu *')]
  .filter((each) => each.checkVisibility() && !each.closest('.skip, svg'))
  .filter((each) => getComputedStyle(each).position !== 'absolute')
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1
    || (each.matches('td, .name, .number, h1, h2, h3, p, li, button, .button, time')
      && each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline'))
  .map((each) => `${each.tagName}.${each.className}`)"""
Scheme = Literal["light", "dark"]
RULES: dict[Scheme, dict[str, Any]] = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}  # the rest is the same


def serious_findings(page: Page) -> list[str]:
    """As it stands there, in one theme and then in the other."""
    return [finding for scheme in RULES for finding in _findings_in(page, scheme)]


def _findings_in(page: Page, scheme: Scheme) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    options = {"resultTypes": ["violations"], **RULES[scheme]}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{scheme}: {each['id']}: {json.dumps([node['html'][:120] for node in each['nodes']][:3])}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]
