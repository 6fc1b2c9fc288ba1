"""What somebody looks for among the calls, as pure conditions: the database and the live pages apply the same ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sidecar.calls.conversation import State
from sidecar.calls.listing import ListedCall, beginning, ending, plain_word, words_of
from sidecar.calls.numbers import NumberPattern

MOST_TERMS = 8
SHORTEST_NUMBER = 2  # digits
_NUMBER = re.compile(r"\+?[\d\s\-/().]+")


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

    def fits(self, call: ListedCall) -> bool:
        words = words_of(call) if self.terms else frozenset[str]()
        return (
            self.state in (None, call.state)
            and self.direction in (None, call.direction)
            and self.line in (None, call.line)
            and self.agent_id in (None, call.agent_id)
            and (self.since is None or call.started_at >= self.since)
            and (self.until is None or call.started_at < self.until)
            and all(term.found_in(words) for term in self.terms)
        )


def terms_of(written: str, country: str) -> tuple[Term, ...]:
    """The terms of a search field: a number in any spelling, or parts of names, or both."""
    written = written.strip()[:200]
    if _NUMBER.fullmatch(written):
        return _number_term(written, country)
    terms: list[Term] = []
    for piece in written.split():
        if _NUMBER.fullmatch(piece) and len(re.sub(r"\D", "", piece)) >= SHORTEST_NUMBER:
            terms += _number_term(piece, country)
        else:
            terms += [Term(beginnings=(plain_word(word),)) for word in _single_words(piece)]
    return tuple(terms[:MOST_TERMS])


def _single_words(piece: str) -> list[str]:
    """The words of a piece like `Meier-Müller` in one spelling each."""
    return re.findall(r"[^\W_]+", piece)


def _number_term(written: str, country: str) -> tuple[Term, ...]:
    """Numbers that begin so in any spelling, or end so."""
    digits = re.sub(r"\D", "", written)
    if not digits:
        return ()
    pattern = NumberPattern.compile(f"{written}*", country)
    first = (pattern.literal_prefix if pattern else "") or digits
    return (Term(beginnings=tuple(dict.fromkeys((beginning(first), beginning(digits), ending(digits))))),)
