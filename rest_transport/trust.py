"""Whose certificates are believed."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def authorities() -> ssl.SSLContext:
    """Those everybody believes; read once, because reading them takes longer than asking somebody."""
    return httpx.create_ssl_context()


def trusting(*, verify: bool | str) -> ssl.SSLContext | bool:
    """`verify`: those everybody believes, those of one file (read anew each time), or anybody."""
    if verify is True:
        return authorities()
    return ssl.create_default_context(cafile=verify) if isinstance(verify, str) else verify
