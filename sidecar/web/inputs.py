"""What browsers send: fields of posted forms, and numbers never larger than a database bears."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

MOST_BYTES = 64 * 1024
MOST_FIELDS = 50
FORM = "application/x-www-form-urlencoded"
BY_ITSELF = "X-Sidecar-By-Itself"
LARGEST_ID = 2**62
LONGEST_ID = 20  # digits
LONGEST_NUMBER = 9  # digits


async def read_form(request: Request) -> Mapping[str, str]:
    """The last value of each field; nothing where it is no form, too large or garbled. May be read again.

    What no database can hold is replaced.
    """
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != FORM:
        return {}
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or len(length) > 6 or int(length) > MOST_BYTES:  # noqa: PLR2004 - digits, before reading them
        return {}
    try:
        fields = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: value.replace("\0", "\N{REPLACEMENT CHARACTER}") for name, value in fields}


def is_by_itself(request: Request) -> bool:
    """A page asks, and nobody has done anything there: its stream, and what it fetches when there is something new."""
    return request.headers.get(BY_ITSELF) == "1" or request.url.path.endswith("/events")


def is_for_the_wall(request: Request) -> bool:
    """A wallboard, which nobody is expected to use."""
    return request.url.path.endswith("/wallboard") or request.query_params.get("topic") == "numbers"


def id_in_path(request: Request) -> int:
    """Of a route with `{number:int}`; whoever asks for more than there can be asks for the largest."""
    return min(int(request.path_params["number"]), LARGEST_ID)


def id_in_query(request: Request, name: str) -> int | None:
    """None where it is missing or no number."""
    text = request.query_params.get(name, "")
    return min(int(text), LARGEST_ID) if text.isdecimal() and len(text) < LONGEST_ID else None


def whole_number(written: str) -> int | None:
    """Of a field; None where it is none, or too long for a column."""
    return int(written) if written.isdecimal() and len(written) <= LONGEST_NUMBER else None


def is_for_htmx(request: Request) -> bool:
    """Whether a part of the page is wanted instead of the whole of it."""
    return "HX-Request" in request.headers
