"""A call as people see it in a list, and what it is found by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sidecar.calls.conversation.conversation import State
from sidecar.calls.identification import Certainty, names_in, names_persons
from sidecar.calls.numbers.numbers import WITHHELD
from sidecar.calls.reasons import Reason, reason_in
from sidecar.calls.sipgate.events import Direction

_WORD = re.compile(r"[^\W_]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"})


def is_filled(state: State, waiting: float | None) -> bool:
    """From sipgate's history: of every other call that has ended it is known how long somebody waited."""
    return waiting is None and state in {State.ENDED, State.MISSED, State.NOT_REACHED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCall:
    """One conversation with the names that belong to its ids. Instants are UTC epoch seconds, spans seconds."""

    id: int
    direction: str  # in | out
    internal: bool
    test: bool
    state: State
    caller: str
    callee: str
    number: str | None  # E.164 digits of the other party
    line: str  # our side, as first dialled
    agent: str | None
    agent_id: int | None
    started_at: float
    answered_at: float | None
    ended_at: float | None
    waiting: float | None
    talking: float | None
    certainty: str | None
    person_id: int | None
    person: str | None
    organization_id: int | None
    organization: str | None
    identified_as: str | None  # a `Reason` as text, so that calls can be compared and kept by what they say
    agents: frozenset[int]  # everybody of ours who took part
    counts_at: float | None = None  # when the talk had lasted long enough to close missed calls
    talked_with: int | None = None  # the customer it certainly was with, as known then

    @property
    def outbound(self) -> bool:
        return self.direction == Direction.OUT

    @property
    def filled(self) -> bool:
        return is_filled(self.state, self.waiting)

    @property
    def other_party(self) -> str:
        """The number of the other side, as it came."""
        return self.callee if self.outbound else self.caller

    @property
    def recognised(self) -> Reason | None:
        """Whose number it is; None where it was not looked up."""
        return None if self.identified_as is None else reason_in(self.identified_as)

    @property
    def perhaps(self) -> tuple[str, ...]:
        """Names of those whose number it is only in one of several readings."""
        return perhaps_named(self.certainty, self.identified_as)

    @property
    def several(self) -> tuple[str, ...]:
        """Names of all whose number it is, where it is not one person's or organization's; empty for who has none."""
        return names_of_several(self.certainty, self.identified_as)

    @property
    def somewhere(self) -> bool:
        """Whether these are organizations: somebody there."""
        return are_organizations(self.identified_as)

    @property
    def talked(self) -> bool:
        """A person of ours has talked, or still does."""
        return self.answered_at is not None

    @property
    def customer(self) -> int | None:
        """Id of the person it certainly is with, as known now."""
        return self.person_id if self.certainty == Certainty.CERTAIN else None

    @property
    def missed(self) -> bool:
        """Counts as a missed call; test calls do not."""
        return self.state is State.MISSED and not self.test


def perhaps_named(certainty: str | None, identified_as: str | None) -> tuple[str, ...]:
    names = _names_in(identified_as) if certainty == Certainty.PERHAPS else ()
    return tuple(dict.fromkeys(filter(None, names)))


def names_of_several(certainty: str | None, identified_as: str | None) -> tuple[str, ...]:
    """Empty for whoever has no name; nothing where nobody has one."""
    names = _names_in(identified_as) if certainty == Certainty.SEVERAL else ()
    return names if any(names) else ()


def are_organizations(identified_as: str | None) -> bool:
    return identified_as is not None and not names_persons(reason_in(identified_as))


def _names_in(identified_as: str | None) -> tuple[str, ...]:
    """Of what was erased a sign alone is left."""
    names = () if identified_as is None else names_in(reason_in(identified_as))
    return tuple(name for name in names if not name or split_words(name))


def words_of(call: ListedCall) -> frozenset[str]:
    """Everything the call is found by: words of names, and numbers read from both ends."""
    names = (call.person, call.organization, call.agent, *call.perhaps, *call.several)
    return words_about(names, call.number or call.other_party or ("" if call.outbound else WITHHELD))


def words_about(names: Iterable[str | None], number: str) -> frozenset[str]:
    words = {word for text in names if text for word in words_in(text)}
    return frozenset(words | _number_words(number))


@lru_cache(maxsize=8192)
def words_in(text: str) -> frozenset[str]:
    """Every spelling of every word."""
    return frozenset(spelling for word in split_words(text) for spelling in spelled(word))


def split_words(text: str) -> list[str]:
    """As a text is taken apart both to be found and to be searched for: `Meier-Müller` is two words."""
    return _WORD.findall(_lower(text))


def spelled(word: str) -> tuple[str, ...]:
    """In lower case without accents; with umlauts in the long spelling, too: `Müller` is muller and mueller."""
    lower = _lower(word)
    return tuple(dict.fromkeys(_without_accents(each) for each in (lower, lower.translate(_UMLAUTS))))


def beginning(digits: str) -> str:
    """The word that numbers beginning with these digits begin with."""
    return f"+{digits}"


def ending(digits: str) -> str:
    """The word that numbers ending with these digits begin with."""
    return f"-{digits[::-1]}"


def _number_words(number: str) -> set[str]:
    digits = number.strip().removeprefix("+").casefold()
    if digits.isascii() and digits.isdigit():
        return {beginning(digits), ending(digits)}
    return {_without_accents(_lower(digits))} if digits else set()  # a SIP id, or "anonymous"


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def _without_accents(word: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFKD", word) if not unicodedata.combining(mark))
