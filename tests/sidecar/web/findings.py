"""What axe has to say of a page; it brings its script itself, past the policy (`bypass_csp`)."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"


def serious_findings(page: Page, **options: list[str]) -> list[str]:
    """`options`: axe's own."""
    found = page.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **options})
    return [
        f"{each['id']}: {json.dumps([node['html'][:120] for node in each['nodes']][:3])}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]
