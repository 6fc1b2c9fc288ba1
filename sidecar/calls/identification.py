"""Who calls, as far as it can be told: ranked candidates, each with its reason, and how certain it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sidecar.calls.reasons import Parameter, Reason, because


class Recognised(StrEnum):
    """Whose number it is, and by what: the first fields say most."""

    PHONE = "recognised.phone"  # name
    MOBILE = "recognised.mobile"  # name
    FURTHER_NUMBER = "recognised.further_number"  # name
    ATTRIBUTE = "recognised.attribute"  # attribute, name
    MAIN_NUMBER = "recognised.main_number"  # name
    EXTENSION = "recognised.extension"  # name
    NO_NAME = "recognised.no_name"  # in the place of a name
    PERHAPS = "recognised.perhaps"  # who, one of the others
    SEVERAL = "recognised.several"  # candidates, each one of those before
    NOT_KNOWN = "recognised.not_known"


FIELDS = {
    "phone": Recognised.PHONE,
    "mobile": Recognised.MOBILE,
    "cti_more_numbers": Recognised.FURTHER_NUMBER,
}


class Certainty(StrEnum):
    CERTAIN = "certain"  # one active customer has this number, and nobody else
    SEVERAL = "several"  # it may be any of the candidates
    ORGANIZATION = "organization"  # somebody there
    PERHAPS = "perhaps"  # a number that may be read so, or not
    INTERNAL = "internal"  # one of our own agents
    UNKNOWN = "unknown"


class Holding(StrEnum):
    """How somebody has a number."""

    FULL = "full"
    PERHAPS = "perhaps"  # what stands there may be read so
    BLOCK = "block"  # of a block of extensions: what stands there ends in -0


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMatch:
    """A person who has the number in `field`."""

    person_id: int
    name: str
    field: str
    active: bool
    is_agent: bool
    organization_id: int | None = None
    organization: str = ""
    holding: Holding = Holding.FULL
    attribute: str = ""  # what Zammad calls the field, where it is none of FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationMatch:
    """An active organization one of whose main numbers covers the number."""

    organization_id: int
    name: str
    exact: bool
    literal_prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    name: str
    reason: Reason
    person_id: int | None = None  # None: somebody at the organization
    organization_id: int | None = None
    organization: str = ""
    internal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    certainty: Certainty
    candidates: tuple[Candidate, ...] = ()  # the likeliest first

    @property
    def sole(self) -> Candidate | None:
        """The person or organization meant; None while it may be several or nobody is known."""
        unsure = {Certainty.SEVERAL, Certainty.PERHAPS, Certainty.UNKNOWN}
        return None if self.certainty in unsure else self.candidates[0]

    @property
    def reason(self) -> Reason:
        """A `Recognised`."""
        who = _one_or_several([candidate.reason for candidate in self.candidates])
        return because(Recognised.PERHAPS, who=who) if self.certainty is Certainty.PERHAPS else who


def _one_or_several(reasons: Sequence[Reason]) -> Reason:
    match reasons:
        case []:
            return because(Recognised.NOT_KNOWN)
        case [only]:
            return only
        case several:
            return because(Recognised.SEVERAL, candidates=tuple(several))


AT_ORGANIZATIONS = frozenset({Recognised.MAIN_NUMBER, Recognised.EXTENSION})


def names_persons(recognised: Reason) -> bool:
    """Whether any of those whom a `Recognised` may mean is a person, rather than somebody at an organization."""
    inner = [each for each in _each(recognised.parameters.get("candidates")) if isinstance(each, Reason)]
    return any(map(names_persons, inner)) if inner else recognised.code not in AT_ORGANIZATIONS


def names_in(recognised: Reason) -> tuple[str, ...]:
    """Of everybody whom a `Recognised` may mean; empty for whoever has none."""
    inner = (recognised.parameters.get("who"), *_each(recognised.parameters.get("candidates")))
    name = recognised.parameters.get("name")
    own = () if name is None else (name if isinstance(name, str) else "",)
    return (*own, *(each for reason in inner if isinstance(reason, Reason) for each in names_in(reason)))


def _each(parameter: Parameter) -> Iterable[Parameter]:
    return parameter if isinstance(parameter, Sequence) and not isinstance(parameter, str) else ()


UNKNOWN = Identification(certainty=Certainty.UNKNOWN)


def identification_of(people: Iterable[PersonMatch], organizations: Sequence[OrganizationMatch]) -> Identification:
    """Whoever has the number as an own one comes before the organizations whose main numbers cover it.

    Inactive people are left out; one person with the number in two fields is one candidate; customers before agents.
    Extensions of somebody's number and doubtful readings count where nothing else is known.
    """
    active = [match for match in people if match.active]
    persons = _each_once(match for match in active if match.holding is Holding.FULL)
    if persons:
        certainty = Certainty.SEVERAL
        if len(persons) == 1:
            certainty = Certainty.INTERNAL if persons[0].is_agent else Certainty.CERTAIN
        return Identification(certainty=certainty, candidates=tuple(_person_candidate(match) for match in persons))
    there = [_organization_candidate(match) for match in _closest(organizations)] or _behind_extensions(active)
    if there:
        certainty = Certainty.ORGANIZATION if len(there) == 1 else Certainty.SEVERAL
        return Identification(certainty=certainty, candidates=tuple(there))
    perhaps = tuple(_person_candidate(match) for match in _each_once(active))
    return Identification(certainty=Certainty.PERHAPS, candidates=perhaps) if perhaps else UNKNOWN


def _behind_extensions(matches: Iterable[PersonMatch]) -> list[Candidate]:
    """Organizations of customers who have a block of extensions: somebody there."""
    found = {
        match.organization_id: _at(match.organization_id, match.organization)
        for match in matches
        if match.holding is Holding.BLOCK and match.organization_id is not None and not match.is_agent
    }
    return [found[organization_id] for organization_id in sorted(found)]


def _at(organization_id: int, name: str) -> Candidate:
    reason = because(Recognised.EXTENSION, name=name)
    return Candidate(name=name, reason=reason, organization_id=organization_id, organization=name)


def _each_once(matches: Iterable[PersonMatch]) -> list[PersonMatch]:
    ranks = {field: rank for rank, field in enumerate(FIELDS)}
    best: dict[int, PersonMatch] = {}
    last = len(ranks)
    for match in sorted(matches, key=lambda match: (match.is_agent, ranks.get(match.field, last), match.person_id)):
        best.setdefault(match.person_id, match)
    return list(best.values())


def _closest(matches: Sequence[OrganizationMatch]) -> list[OrganizationMatch]:
    """Those of the most telling pattern: an exact number, else the longest prefix; each organization once."""

    def closeness(match: OrganizationMatch) -> tuple[bool, int]:
        return (match.exact, len(match.literal_prefix))

    best = max(map(closeness, matches), default=None)
    closest = {match.organization_id: match for match in matches if closeness(match) == best}
    return [closest[organization_id] for organization_id in sorted(closest)]


def _person_candidate(match: PersonMatch) -> Candidate:
    return Candidate(
        name=match.name,
        reason=_reason_for(match, match.name or because(Recognised.NO_NAME)),
        person_id=match.person_id,
        organization_id=match.organization_id,
        organization=match.organization,
        internal=match.is_agent,
    )


def _reason_for(match: PersonMatch, name: str | Reason) -> Reason:
    if match.holding is Holding.BLOCK:
        return because(Recognised.EXTENSION, name=name)
    if match.field in FIELDS:
        return because(FIELDS[match.field], name=name)
    return because(Recognised.ATTRIBUTE, attribute=match.attribute or match.field, name=name)


def _organization_candidate(match: OrganizationMatch) -> Candidate:
    return Candidate(
        name=match.name,
        reason=because(Recognised.MAIN_NUMBER, name=match.name),
        organization_id=match.organization_id,
        organization=match.name,
    )
