"""What somebody looks for among the calls, as pure conditions: the database and the live pages apply the same ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sidecar.calls.conversation.conversation import State
from sidecar.calls.numbers.layout import digits_of, layout_as_written, plain, with_ascii_digits
from sidecar.calls.numbers.number_pattern import beginning_of_numbers
from sidecar.calls.numbers.numbers import WITHHELD
from sidecar.calls.numbers.written_numbers import numbers_in
from sidecar.calls.pages.counted import Figure
from sidecar.calls.pages.listing import ListedCall, beginning, ending, spelled, split_words, words_of

MOST_TERMS = 8
SHORTEST_NUMBER = 2  # digits
SAID_OF_WITHHELD = ("withheld", "unterdrueckte", "unterdruckte")  # on the pages, as `spelled`
SAID_BEFORE_WITHHELD = frozenset({"number", "nummer"})
SHORTEST_WITHHELD = 4  # letters of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Something that has to be there: a word that begins with one of these."""

    beginnings: tuple[str, ...]

    def found_in(self, words: frozenset[str]) -> bool:
        return any(word.startswith(self.beginnings) for word in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSearch:
    """All conditions have to hold; None and an empty tuple are no condition."""

    terms: tuple[Term, ...] = ()
    state: State | None = None
    direction: str | None = None
    line: str | None = None
    agent_id: int | None = None
    since: float | None = None  # UTC epoch seconds, included
    until: float | None = None  # excluded
    figure: Figure | None = None

    @property
    def by_phones(self) -> bool:
        """Whether the agent is one whose phone rang or who dialled: nobody has talked."""
        return self.state in {State.MISSED, State.SHORT_RING, State.NOT_REACHED}

    def fits(self, call: ListedCall) -> bool:
        words = words_of(call) if self.terms else frozenset[str]()
        return (
            self.state in (None, call.state)
            and self.direction in (None, call.direction)
            and self.line in (None, call.line)
            and (self.agent_id is None or self.agent_id in (call.agents if self.by_phones else {call.agent_id}))
            and (self.since is None or call.started_at >= self.since)
            and (self.until is None or call.started_at < self.until)
            and (self.figure is None or self.figure.counts(call))
            and all(term.found_in(words) for term in self.terms)
        )


def terms_of(written: str, country: str) -> tuple[Term, ...]:
    """The terms of a search field: numbers in any spelling, parts of names, or both."""
    terms: list[Term] = []
    rest = written[:200].strip()
    while rest:
        number = _number().match(rest)
        piece = number[0].rstrip() if number else rest.split(maxsplit=1)[0]
        typed = with_ascii_digits(plain(piece))
        alone = piece == rest and not terms
        if number and (alone or len(digits_of(typed)) >= SHORTEST_NUMBER):
            terms += _number_term(typed, country)
        else:
            terms += _word_terms(piece)
        rest = rest[len(piece) :].lstrip()
    if any(WITHHELD in term.beginnings for term in terms):
        terms = [term for term in terms if not SAID_BEFORE_WITHHELD.intersection(term.beginnings)]
    return tuple(terms[:MOST_TERMS])


def _word_terms(piece: str) -> list[Term]:
    """Parts of names; a word for "withheld" also finds the numbers that are."""
    terms = [Term(beginnings=spelled(word)) for word in split_words(piece)]
    return [_or_withheld(term) if any(map(_says_withheld, term.beginnings)) else term for term in terms]


def _or_withheld(term: Term) -> Term:
    return Term(beginnings=(*term.beginnings, WITHHELD))


def _says_withheld(word: str) -> bool:
    return len(word) >= SHORTEST_WITHHELD and any(each.startswith(word) for each in SAID_OF_WITHHELD)


@lru_cache(maxsize=1)
def _number() -> re.Pattern[str]:
    """As many pieces as there are without a letter."""
    layout = layout_as_written()
    return re.compile(rf"[{layout}]*[+\uff0b]?[\d{layout}]+(?!\S)")


def _number_term(written: str, country: str) -> tuple[Term, ...]:
    """Numbers that begin so in any spelling, or end so; digits alone may stand in a name as well."""
    digits = digits_of(written)
    if not digits:
        return ()
    first = beginning_of_numbers(written, country) or digits
    whole = [number.e164.removeprefix("+") for number in numbers_in(written, country).found]
    starts = [beginning(each) for each in (first, digits, *whole)]
    words = (*starts, ending(digits), *(spelled(written) if written.isdigit() else ()))
    return (Term(beginnings=tuple(dict.fromkeys(words))),)
