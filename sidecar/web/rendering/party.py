"""The other side of a call in words: its number."""

from __future__ import annotations

from sidecar.calls.pages.listing import ListedCall
from sidecar.words.wording import Words


def other_party(call: ListedCall, words: Words) -> str:
    number = call.number or call.other_party
    return words.phone(number) if call.outbound else words.caller(number)
