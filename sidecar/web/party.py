"""The other side of a call in words: its number, and how somebody was recognised by it."""

from __future__ import annotations

from sidecar.calls.identification import reasons_in
from sidecar.calls.listing import ListedCall
from sidecar.words.marks import N_
from sidecar.words.wording import Words

_KINDS = {
    "phone": N_("phone of {name}"),
    "mobile": N_("mobile of {name}"),
    "further number": N_("further number of {name}"),
    "main number": N_("main number of {name}"),
}


def other_party(call: ListedCall, words: Words) -> str:
    number = call.number or call.other_party
    return words.phone(number) if call.outbound else words.caller(number)


def how_recognised(written: str, words: Words) -> str | None:
    """Of `Identification.reason`; None where it can only be said as it is written."""
    reasons = reasons_in(written)
    if reasons is None:
        return None
    said = (words.gettext(_KINDS[reason.kind], name=reason.name) for reason in reasons)
    return words.gettext(" or ").join(said) or words.gettext("number not known")
