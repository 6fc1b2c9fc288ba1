"""Whom the title of a dialog may name: nobody in doubt, since it may become the subject of mails to customers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sidecar.calls.identification import Candidate, Certainty, Identification


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person, or an organization where only that is known."""

    name: str
    person_id: int | None = None
    organization_id: int | None = None


def name_for_title(found: Identification) -> Named | None:
    """None where the number has to do. An address is no name."""
    named = _named(found)
    return named if named is not None and named.name and "@" not in named.name else None


def _named(found: Identification) -> Named | None:
    match found.certainty:
        case Certainty.CERTAIN | Certainty.INTERNAL:
            person = found.candidates[0]
            return Named(name=person.name, person_id=person.person_id)
        case Certainty.ORGANIZATION | Certainty.SEVERAL:
            return _organization_of_all(found.candidates)
        case _:
            return None


def _organization_of_all(candidates: Sequence[Candidate]) -> Named | None:
    there = {candidate.organization_id for candidate in candidates if not candidate.internal}
    if len(there) != 1 or None in there or any(candidate.internal for candidate in candidates):
        return None
    return Named(name=candidates[0].organization, organization_id=candidates[0].organization_id)


def agrees(named: Named, recognised: Sequence[int], members: Collection[int]) -> bool:
    """Whether the dialog that Zammad opens is about nobody else.

    `recognised`: users Zammad takes the caller for, the one that counts first; `members`: of the organization.
    """
    if not recognised:
        return True
    return recognised[0] == named.person_id if named.person_id is not None else recognised[0] in members
