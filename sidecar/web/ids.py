"""Ids that browsers send, never larger than a database bears."""

from __future__ import annotations

from starlette.requests import Request

LARGEST_ID = 2**62
LONGEST_ID = 20  # digits


def id_in_path(request: Request) -> int:
    """Of a route with `{number:int}`; whoever asks for more than there can be asks for the largest."""
    return min(int(request.path_params["number"]), LARGEST_ID)


def id_in_query(request: Request, name: str) -> int | None:
    """None where it is missing or no number."""
    text = request.query_params.get(name, "")
    return min(int(text), LARGEST_ID) if text.isdecimal() and len(text) < LONGEST_ID else None
