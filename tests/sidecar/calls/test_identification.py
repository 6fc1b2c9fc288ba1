from __future__ import annotations

from itertools import combinations_with_replacement

import pytest

from sidecar.calls.identification import (
    FIELDS,
    Certainty,
    OrganizationMatch,
    PersonMatch,
    Reason,
    identification_of,
    reasons_in,
)


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
    assert (found.certainty, found.reason) == (certainty, reason)
    assert (found.sole is None) == (certainty in {Certainty.SEVERAL, Certainty.UNKNOWN})


NAMES = ("Erika Mustermann", "Sale or Return", "a phone of honour", "")


@pytest.mark.parametrize("fields", list(combinations_with_replacement(FIELDS, 2)))
def test_the_words_of_a_reason_can_be_taken_apart_again(fields: tuple[str, str]) -> None:
    for number, name in enumerate(NAMES, start=10):
        people = [person(number, name, fields[0]), person(99, "Otto", fields[1], agent=True)]
        reason = identification_of(people, []).reason
        assert reasons_in(reason) == (
            Reason(kind=FIELDS[fields[0]], name=name),
            Reason(kind=FIELDS[fields[1]], name="Otto"),
        )
    companies = [company(number, name, "4930") for number, name in enumerate(NAMES)]
    reasons = reasons_in(identification_of([], companies).reason)
    assert reasons == tuple(Reason(kind="main number", name=name) for name in NAMES)


@pytest.mark.parametrize(("written", "reasons"), [("number not known", ()), ("seen in a dream", None), ("", None)])
def test_other_words_are_left_alone(written: str, reasons: tuple[Reason, ...] | None) -> None:
    assert reasons_in(written) == reasons
