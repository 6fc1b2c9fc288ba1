"""The other side of a call in words: its number, or who it is in one line."""

from __future__ import annotations

from sidecar.calls.pages.listing import ListedCall
from sidecar.words.wording import Words


def other_party(call: ListedCall, words: Words) -> str:
    number = call.number or call.other_party
    return words.phone(number) if call.outbound else words.caller(number)


def who_calls(call: ListedCall, words: Words) -> str:
    """In one line, as `calls/party.html` says it."""
    return name_of(call, words) or other_party(call, words)


def name_of(call: ListedCall, words: Words) -> str:
    """Of the other side, without its number; nothing where it is not known."""
    if call.person:
        return call.person
    if call.perhaps:
        return words.gettext("perhaps {who}", who=words.some_of(call.perhaps))
    if call.several:
        names = words.some_of(call.several)
        return words.gettext("somebody at {organization}", organization=names) if call.somewhere else names
    if call.organization and call.person_id is None:
        return words.gettext("somebody at {organization}", organization=call.organization)
    return ""


def about_call(call: ListedCall, words: Words) -> str:
    """Organization, number and line, as far as `who_calls` does not say them."""
    who, number = who_calls(call, words), other_party(call, words)
    organization = call.organization if call.person else None
    line = words.gettext("Line {line}", line=words.phone(call.line))
    return " · ".join(each for each in (organization, None if number == who else number, line) if each)
