"""The fields of a posted form."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

MOST_BYTES = 64 * 1024
MOST_FIELDS = 50
FORM = "application/x-www-form-urlencoded"


async def read_form(request: Request) -> Mapping[str, str]:
    """The last value of each field; nothing where it is no form, too large or garbled. May be read again."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != FORM:
        return {}
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or len(length) > 6 or int(length) > MOST_BYTES:  # noqa: PLR2004 - digits, before reading them
        return {}
    try:
        return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}
