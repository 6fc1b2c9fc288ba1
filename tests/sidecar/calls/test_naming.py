from __future__ import annotations

import pytest

from sidecar.calls.identification import Certainty, Holding, OrganizationMatch, PersonMatch, identification_of
from sidecar.calls.naming import Named, agrees, name_for_title


def person(person_id: int, name: str = "Erika Mustermann", *, organization_id: int | None = None) -> PersonMatch:
    return PersonMatch(
        person_id=person_id,
        name=name,
        field="phone",
        active=True,
        is_agent=False,
        organization_id=organization_id,
        organization="Kunde GmbH" if organization_id else "",
    )


def organization(organization_id: int, name: str) -> OrganizationMatch:
    return OrganizationMatch(organization_id=organization_id, name=name, exact=True, literal_prefix="4930998")


@pytest.mark.parametrize(
    ("people", "organizations", "named"),
    [
        ([person(6)], [], Named(name="Erika Mustermann", person_id=6)),
        ([], [organization(2, "Kunde GmbH")], Named(name="Kunde GmbH", organization_id=2)),
        (
            [person(6, organization_id=2), person(7, "Otto", organization_id=2)],
            [],
            Named(name="Kunde GmbH", organization_id=2),
        ),
        ([person(6, organization_id=2), person(7, "Otto", organization_id=3)], [], None),
        ([person(6, organization_id=2), person(7, "Otto")], [], None),
        ([], [organization(2, "Kunde GmbH"), organization(3, "Andere GmbH")], None),
        ([person(6, "erika@mueller.example")], [], None),
        ([person(6, "")], [], None),
        ([], [], None),
    ],
)
def test_only_who_is_certain_is_named(
    people: list[PersonMatch], organizations: list[OrganizationMatch], named: Named | None
) -> None:
    assert name_for_title(identification_of(people, organizations)) == named


def test_a_doubtful_reading_names_nobody() -> None:
    match = PersonMatch(person_id=6, name="Erika", field="phone", active=True, is_agent=False, holding=Holding.PERHAPS)
    found = identification_of([match], [])
    assert found.certainty is Certainty.PERHAPS
    assert name_for_title(found) is None


@pytest.mark.parametrize(
    ("named", "recognised", "agreed"),
    [
        (Named(name="Erika", person_id=6), (), True),
        (Named(name="Erika", person_id=6), (6, 7), True),
        (Named(name="Erika", person_id=6), (7, 6), False),
        (Named(name="Kunde GmbH", organization_id=2), (), True),
        (Named(name="Kunde GmbH", organization_id=2), (7,), True),
        (Named(name="Kunde GmbH", organization_id=2), (9,), False),
    ],
)
def test_the_name_stands_only_where_zammad_means_the_same_customer_or_nobody(
    named: Named, recognised: tuple[int, ...], *, agreed: bool
) -> None:
    assert agrees(named, recognised, members=(6, 7)) is agreed
