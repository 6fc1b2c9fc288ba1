from __future__ import annotations

from dataclasses import replace

import pytest

from sidecar.calls.identification import (
    Certainty,
    Holding,
    OrganizationMatch,
    PersonMatch,
    identification_of,
)
from tests.sentences import said


def person(person_id: int, name: str, field: str = "phone", *, active: bool = True, agent: bool = False) -> PersonMatch:
    return PersonMatch(person_id=person_id, name=name, field=field, active=active, is_agent=agent)


def company(organization_id: int, name: str, prefix: str, *, exact: bool = False) -> OrganizationMatch:
    return OrganizationMatch(organization_id=organization_id, name=name, exact=exact, literal_prefix=prefix)


def loosely(number: int, name: str, holding: Holding, organization: int | None = None) -> PersonMatch:
    return replace(
        person(number, name), holding=holding, organization_id=organization, organization=f"Company {organization}"
    )


def perhaps(person_id: int, name: str) -> PersonMatch:
    return loosely(person_id, name, Holding.PERHAPS)


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
        ([perhaps(7, "Otto")], [], Certainty.PERHAPS, "perhaps phone of Otto"),
        ([perhaps(7, "Otto"), perhaps(8, "Ida")], [], Certainty.PERHAPS, "perhaps phone of Otto or phone of Ida"),
        ([perhaps(7, "Otto"), ERIKA], [], Certainty.CERTAIN, "mobile of Erika Mustermann"),
        ([perhaps(7, "Otto"), person(4, "Jane", agent=True)], [], Certainty.INTERNAL, "phone of Jane"),
        ([perhaps(7, "Otto")], [BAKERY], Certainty.ORGANIZATION, "main number of Bäckerei Müller"),
        ([replace(perhaps(7, "Otto"), active=False)], [], Certainty.UNKNOWN, "number not known"),
        ([loosely(7, "Otto", Holding.BLOCK, 3)], [], Certainty.ORGANIZATION, "extension at Company 3"),
        ([loosely(7, "Otto", Holding.BLOCK, 3), loosely(8, "Ida", Holding.BLOCK, 3)], [], Certainty.ORGANIZATION,
         "extension at Company 3"),
        ([loosely(7, "Otto", Holding.BLOCK, 3), loosely(8, "Ida", Holding.BLOCK, 4)], [], Certainty.SEVERAL,
         "extension at Company 3 or extension at Company 4"),
        ([loosely(7, "Otto", Holding.BLOCK)], [], Certainty.PERHAPS, "perhaps extension at Otto"),
        ([loosely(7, "Otto", Holding.BLOCK, 3)], [BAKERY], Certainty.ORGANIZATION, "main number of Bäckerei Müller"),
        ([loosely(7, "Otto", Holding.BLOCK, 3), ERIKA], [], Certainty.CERTAIN, "mobile of Erika Mustermann"),
        ([person(7, "Otto", "fax")], [], Certainty.CERTAIN, "fax of Otto"),
        ([replace(person(7, "Otto", "direct"), attribute="Direct line")], [], Certainty.CERTAIN, "Direct line of Otto"),
        ([person(7, "Otto", "fax"), person(7, "Otto", "mobile")], [], Certainty.CERTAIN, "mobile of Otto"),
        ([person(7, "")], [], Certainty.CERTAIN, "phone of somebody without a name"),
    ],
)  # fmt: skip
def test_who_may_be_calling_and_why(
    people: list[PersonMatch], companies: list[OrganizationMatch], certainty: Certainty, reason: str
) -> None:
    found = identification_of(people, companies)
    assert (found.certainty, said(found.reason)) == (certainty, reason)
    assert (found.sole is None) == (certainty in {Certainty.SEVERAL, Certainty.PERHAPS, Certainty.UNKNOWN})
