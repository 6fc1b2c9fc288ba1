"""What somebody looks for among the missed calls: the database and the live pages apply the same conditions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sidecar.calls.pages.search import Term


class Whose(StrEnum):
    ALL = "all"
    MINE = "mine"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedSearch:
    """All conditions have to hold. `whose` is no condition on what is done; MINE is that of `person`."""

    terms: tuple[Term, ...] = ()
    whose: Whose = Whose.ALL
    line: str | None = None
    person: int | None = None

    def fits(self, words: frozenset[str], *, line: str, owner_id: int | None, is_open: bool) -> bool:
        return (
            self.line in (None, line)
            and (not is_open or self._is_theirs(owner_id))
            and all(term.found_in(words) for term in self.terms)
        )

    def _is_theirs(self, owner_id: int | None) -> bool:
        match self.whose:
            case Whose.ALL:
                return True
            case Whose.MINE:
                return owner_id == self.person
            case Whose.UNASSIGNED:
                return owner_id is None
