"""Answers of a real Zammad, and a client that would ask it."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests import places
from zammad_client import Zammad

RECORDINGS = places.RECORDINGS / "zammad" / "5.2"
URL = "https://zammad.example"
API = f"{URL}/api/v1/"
TOKEN = "sEcReT-token-0815"
CTI_TOKEN = "cti-TOKEN-4711"
COOKIE = "_zammad_session_abc=c00kie-value"


def recording(name: str) -> Any:
    return json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))


def answer(name: str) -> httpx.Response:
    """What Zammad answered, as httpx would have received it."""
    response = recording(name)["response"]
    body = response["body"]
    content = body if isinstance(body, str) else json.dumps(body)
    headers = {"Content-Type": response["content_type"], **response["headers"]}
    return httpx.Response(response["status"], headers=headers, content=content.encode())


def some_zammad(url: str = URL, *, timeout: float = 10.0) -> Zammad:
    """Unverified, as reading the CA bundle takes longer than a test; test_zammad_tls.py is about certificates."""
    return Zammad(url=url, token=TOKEN, timeout=timeout, verify=False)
