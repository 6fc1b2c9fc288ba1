"""What people do on the pages, as their browsers send it."""

from __future__ import annotations

import re
from typing import Any

from tests.sidecar.web.service import Service


def change(service: Service, browser: Any, path: str, **fields: str) -> Any:
    own = {"Origin": service.url.removesuffix("/sidecar"), "X-CSRF-Token": csrf_of(browser)}
    return browser.post(path, data=fields, headers={**own, "HX-Request": "true"})


def csrf_of(browser: Any) -> str:
    return str(re.findall(r'name="csrf" value="([^"]+)"', browser.get("/").text)[0])


def version_of(browser: Any) -> str:
    return str(re.findall(r'name="version" value="(\d+)"', browser.get("/missed").text)[0])
