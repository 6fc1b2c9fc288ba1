"""Links of pages into Zammad: through /go, which leads on to the view that the person uses."""

from __future__ import annotations

from urllib.parse import urlencode


def link_to(root: str, *, customer: int | None = None, ticket: int | None = None, new: bool = False) -> str:
    """What pages link to; it leads on to where the person works."""
    asked = {"customer": customer, "ticket": ticket, "new": 1 if new else None}
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    return f"{root}/go?{query}" if query else f"{root}/go"


def link_to_call(root: str, number: str, *, by_sipgate: bool, missed: int | None = None) -> str:
    """`number`: E.164 digits. To the page that asks before it dials; without sipgate's interface the browser's way."""
    if not by_sipgate:
        return f"tel:+{number}"
    query = {"number": f"+{number}", **({"missed": missed} if missed else {})}
    return f"{root}/dial?{urlencode(query)}"
