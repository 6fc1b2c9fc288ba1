"""Zammad as it is configured."""

from __future__ import annotations

from sidecar.config import Settings
from zammad_client import Zammad


def zammad_of(settings: Settings) -> Zammad:
    """To be closed by whoever asked for it."""
    verify = settings.zammad.verify_tls
    return Zammad(
        url=settings.zammad.url,
        token=settings.zammad.token.get_secret_value(),
        timeout=settings.zammad.timeout,
        verify=verify if isinstance(verify, bool) else str(verify),
    )
