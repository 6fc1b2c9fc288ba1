"""HTTP as sipgate and the proxies before it want it."""

from __future__ import annotations

from sidecar.app import Sidecar
from sidecar.config import load
from sidecar.http.server import server_for


def test_a_proxy_gives_its_idle_connections_up_before_the_service_does() -> None:
    """Nginx keeps them for 60 s: a hook on a connection that is closed meanwhile would be lost."""
    settings = load(None, {"SIDECAR_ZAMMAD__URL": "http://127.0.0.1:9", "SIDECAR_ZAMMAD__TOKEN": "t"})
    assert server_for(Sidecar(settings), settings).config.timeout_keep_alive > 60
