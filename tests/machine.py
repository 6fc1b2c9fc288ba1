"""What not every machine has: where it is missing its tests are left out, and told of once at the end.

SIDECAR_TEST_ALL=1 leaves out none: neither what needs such a thing nor what takes minutes.
"""

from __future__ import annotations

import os
import shutil

import pytest

ALL = os.environ.get("SIDECAR_TEST_ALL") == "1"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_SERVERS = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
NGINX = shutil.which("nginx", path=_SERVERS)
APACHE = shutil.which("apache2", path=_SERVERS)
CADDY = shutil.which("caddy", path=_SERVERS)
HAPROXY = shutil.which("haproxy", path=_SERVERS)

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not ALL, reason="no chromium on this machine (install the package chromium)"
)
needs_nginx = pytest.mark.skipif(
    NGINX is None and not ALL, reason="no nginx on this machine (install the package nginx-light)"
)
needs_apache = pytest.mark.skipif(
    APACHE is None and not ALL, reason="no Apache on this machine (install the package apache2)"
)
needs_caddy = pytest.mark.skipif(
    CADDY is None and not ALL, reason="no Caddy on this machine (install the package caddy)"
)
needs_haproxy = pytest.mark.skipif(
    HAPROXY is None and not ALL, reason="no HAProxy on this machine (install the package haproxy)"
)
takes_minutes = pytest.mark.skipif(not ALL, reason="it takes minutes (SIDECAR_TEST_ALL=1 wants it)")
