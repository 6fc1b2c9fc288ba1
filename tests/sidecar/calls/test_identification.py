from __future__ import annotations

import pytest

from sidecar.calls.identification import (
    Certainty,
    OrganizationMatch,
    PersonMatch,
    identification_of,
)
from tests.sentences import said


def person(person_id: int, name: str, field: str = "phone", *, active: bool = True, agent: bool = False) -> PersonMatch:
    return PersonMatch(person_id=person_id, name=name, field=field, active=active, is_agent=agent)


def company(organization_id: int, name: str, prefix: str, *, exact: bool = False) -> OrganizationMatch:
    return OrganizationMatch(organization_id=organization_id, name=name, exact=exact, literal_prefix=prefix)


ERIKA = person(6, "Erika Mustermann", "mobile")
BAKERY = company(2, "Bäckerei Müller", "4930998")


@pytest.mark.parametrize(
    ("people", "companies", "certainty", "reason"),
    [
        ([ERIKA], [], Certainty.CERTAIN, "mobile of Erika Mustermann"),
        ([ERIKA], [BAKERY], Certainty.CERTAIN, "mobile of Erika Mustermann"),
        ([ERIKA, person(6, "Erika Mustermann")], [], Certainty.CERTAIN, "phone of Erika Mustermann"),
        ([person(6, "E", "cti_more_numbers")], [], Certainty.CERTAIN, "further number of E"),
        ([ERIKA, person(7, "Otto")], [], Certainty.SEVERAL, "phone of Otto or mobile of Erika Mustermann"),
        ([ERIKA, person(7, "Otto", active=False)], [], Certainty.CERTAIN, "mobile of Erika Mustermann"),
        ([person(4, "Jane", agent=True)], [], Certainty.INTERNAL, "phone of Jane"),
        ([person(4, "Jane", agent=True), ERIKA], [], Certainty.SEVERAL, "mobile of Erika Mustermann or phone of Jane"),
        ([person(7, "Otto", active=False)], [], Certainty.UNKNOWN, "number not known"),
        ([person(7, "Otto", active=False)], [BAKERY], Certainty.ORGANIZATION, "main number of Bäckerei Müller"),
        ([], [BAKERY], Certainty.ORGANIZATION, "main number of Bäckerei Müller"),
        ([], [BAKERY, BAKERY], Certainty.ORGANIZATION, "main number of Bäckerei Müller"),
        ([], [BAKERY, company(3, "Trust", "4930")], Certainty.ORGANIZATION, "main number of Bäckerei Müller"),
        ([], [BAKERY, company(3, "Trust", "4930", exact=True)], Certainty.ORGANIZATION, "main number of Trust"),
        ([], [BAKERY, company(3, "Trust", "4930998")], Certainty.SEVERAL,
         "main number of Bäckerei Müller or main number of Trust"),
        ([], [], Certainty.UNKNOWN, "number not known"),
    ],
)  # fmt: skip
def test_who_may_be_calling_and_why(
    people: list[PersonMatch], companies: list[OrganizationMatch], certainty: Certainty, reason: str
) -> None:
    found = identification_of(people, companies)
    assert (found.certainty, said(found.reason)) == (certainty, reason)
    assert (found.sole is None) == (certainty in {Certainty.SEVERAL, Certainty.UNKNOWN})
