"""What is renamed in Zammad is found by its new name, in past calls as well."""

from __future__ import annotations

import pytest

from sidecar.calls.pages.search import CallSearch, terms_of
from sidecar.follow_up.callers import Callers
from sidecar.store.calls.search import find_calls
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Database
from sidecar.sync.intake import Intake
from sidecar.sync.records import Reader
from tests.sidecar.store.calls.saved_calls import NOON, Seed, add_calls
from tests.sidecar.sync.people_of_zammad import START, organization, user

pytestmark = pytest.mark.anyio

MEMBER, AT_COMPANY, STRANGER = "491712345678", "493099877", "4940123456"


@pytest.fixture
def intake(database: Database) -> Intake:
    """As `serve` has it: whatever changes in the directory is looked up again for past calls."""
    callers = Callers(country="DE", clock=lambda: NOON)
    return Intake(
        database=database, reader=Reader(country="DE"), now=lambda: NOON, on_numbers_changed=callers.numbers_changed
    )


def found(database: Database, written: str) -> list[int]:
    search = CallSearch(terms=terms_of(written, "DE"))
    with database.reading() as connection:
        return [call.id for call in find_calls(connection, search, Viewer(user_id=1)).calls]


async def past_calls(database: Database, intake: Intake) -> tuple[int, int]:
    """One of a member, one of somebody there."""
    with database.writing() as connection:
        member, at_company, _ = add_calls(
            connection, Seed(number=MEMBER), Seed(number=AT_COMPANY), Seed(number=STRANGER)
        )
    await intake.take_organizations([organization(2, "Bakery", main_numbers="+49 30 998*")])
    await intake.take_users([user(6, mobile="0171/2345678", organization_id=2)])
    with database.writing() as connection:
        intake._on_numbers_changed(connection, frozenset({AT_COMPANY}))
    assert found(database, "bakery") == [at_company, member]
    return member, at_company


async def test_an_organization_is_found_by_its_new_name_alone(database: Database, intake: Intake) -> None:
    member, at_company = await past_calls(database, intake)
    renamed = organization(2, "Patisserie", main_numbers="+49 30 998*", changed_at=START + 60)
    change = await intake.take_organizations([renamed])
    assert change.digits == {MEMBER, AT_COMPANY}
    assert found(database, "patisserie") == [at_company, member]
    assert found(database, "bakery") == []


async def test_an_organization_that_is_gone_is_found_no_more(database: Database, intake: Intake) -> None:
    await past_calls(database, intake)
    await intake.forget_organizations([2])
    assert found(database, "bakery") == []


async def test_an_organization_that_comes_after_its_members_is_found(database: Database, intake: Intake) -> None:
    with database.writing() as connection:
        (call,) = add_calls(connection, Seed(number=MEMBER))
    await intake.take_users([user(6, mobile="0171/2345678", organization_id=2)])
    await intake.take_organizations([organization(2, "Bakery")])
    assert found(database, "bakery") == [call]
