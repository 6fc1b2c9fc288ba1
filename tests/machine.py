"""What not every machine has: where it is missing its tests are left out, and told of once at the end.

SIDECAR_TEST_ALL=1 leaves out none: neither what needs such a thing nor what takes minutes.
"""

from __future__ import annotations

import os
import shutil

import pytest

ALL = os.environ.get("SIDECAR_TEST_ALL") == "1"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not ALL, reason="no chromium on this machine (install the package chromium)"
)
needs_nginx = pytest.mark.skipif(
    NGINX is None and not ALL, reason="no nginx on this machine (install the package nginx-light)"
)
takes_minutes = pytest.mark.skipif(not ALL, reason="it takes minutes (SIDECAR_TEST_ALL=1 wants it)")
