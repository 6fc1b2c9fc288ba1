"""Pages of a full pass follow the time that they take Zammad."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rest_transport.errors import Trouble
from sidecar.store.database import Database
from sidecar.sync.full_pass import FullPass
from sidecar.sync.intake import Intake
from sidecar.sync.kept import PassState
from sidecar.sync.page_size import after_page, after_timeout, begun
from sidecar.sync.records import Reader
from tests.sidecar.sync.following import Clock
from tests.sidecar.sync.people_of_zammad import user
from zammad_client.errors import ZammadUnavailableError
from zammad_client.records import Organization, User

pytestmark = pytest.mark.anyio
MOST = 500


def state(page: int, page_size: int) -> PassState:
    return PassState(begun_at=0.0, what="users", page=page, page_size=page_size)


@pytest.mark.parametrize(
    ("before", "took", "page", "page_size"),
    [
        (state(3, 50), 0.1, 2, 100),
        (state(2, 50), 0.1, 2, 50),  # a page of a hundred does not begin at this place
        (state(3, 50), 1.0, 3, 50),
        (state(3, 200), 5.0, 5, 100),
        (state(3, 400), 0.1, 3, 400),  # no more than the most
        (state(3, 1), 5.0, 3, 1),
    ],
)
def test_a_page_grows_where_it_was_quick_and_shrinks_where_it_was_slow(
    before: PassState, took: float, page: int, page_size: int
) -> None:
    after = after_page(before, took=took, most=MOST)
    assert (after.page, after.page_size) == (page, page_size)


def test_a_page_that_was_not_made_in_time_is_quartered_from_its_place_on() -> None:
    smaller = after_timeout(state(3, 400))
    assert smaller is not None
    assert (smaller.page, smaller.page_size) == (9, 100)
    assert after_timeout(state(9, 1)) is None


def test_it_begins_with_fifty_or_with_what_is_allowed() -> None:
    assert begun(PassState(), most=500, now=1.0).page_size == 50
    assert begun(PassState(), most=7, now=1.0).page_size == 7


class Slow:
    """A Zammad that takes so long for each user, and gives up after ten seconds."""

    def __init__(self, clock: Clock, people: int, cost: Callable[[int], float]) -> None:
        self.clock = clock
        self.people = [user(number, "Anna", phone=f"030 {1000000 + number}") for number in range(1, people + 1)]
        self.cost = cost  # seconds for a page of so many
        self.busy = 0.0
        self.sizes: list[int] = []

    async def users_page(self, page: int, *, per_page: int) -> list[User]:
        listed = self.people[(page - 1) * per_page : page * per_page]
        took = self.cost(len(listed))
        self.busy += min(took, 10.0)
        self.clock.seconds += min(took, 10.0)
        if took > 10.0:
            raise ZammadUnavailableError("no answer from Zammad in time", trouble=Trouble.NO_ANSWER)
        self.sizes.append(per_page)
        return listed

    async def organizations_page(self, _page: int, *, per_page: int) -> list[Organization]:
        assert per_page
        return []

    async def user(self, user_id: int) -> User:
        return self.people[user_id - 1]

    async def organization(self, organization_id: int) -> Organization:
        raise AssertionError(organization_id)


def pass_over(zammad: Slow, database: Database, clock: Clock, *, most: int = MOST) -> FullPass:
    return FullPass(
        zammad=zammad,  # type: ignore[arg-type] # what a pass asks is there
        database=database,
        intake=Intake(database=database, reader=Reader(country="DE"), now=clock.now),
        page_size=most,
        pause=0.0,
        sleep=clock.sleep,
        now=clock.now,
        elapsed=clock.now,
    )


async def test_everybody_is_known_in_two_and_a_half_times_what_zammad_itself_needs(
    database: Database, clock: Clock
) -> None:
    zammad = Slow(clock, 2000, lambda count: 0.02 * count)
    began = clock.seconds
    change = await pass_over(zammad, database, clock).run()
    assert change is not None
    assert change.added == 2000
    assert clock.seconds - began <= 2.5 * zammad.busy
    assert max(zammad.sizes) * 0.02 <= 2.0, "no page keeps Zammad busy for long"


async def test_where_zammad_is_quick_few_pages_do(database: Database, clock: Clock) -> None:
    zammad = Slow(clock, 2000, lambda count: 0.0005 * count)
    await pass_over(zammad, database, clock).run()
    assert max(zammad.sizes) == 400


async def test_a_page_that_is_never_made_in_time_is_asked_for_in_smaller_ones_at_once(
    database: Database, clock: Clock
) -> None:
    zammad = Slow(clock, 300, lambda count: 11.0 if count > 20 else 0.5)
    change = await pass_over(zammad, database, clock).run()
    assert change is not None
    assert change.added == 300


async def test_an_interrupted_pass_goes_on_at_its_place_whatever_the_size_was(database: Database, clock: Clock) -> None:
    zammad = Slow(clock, 1000, lambda count: 0.001 * count)
    stopped = pass_over(zammad, database, clock)
    left = iter([True] * 6)

    async def until_then() -> bool:
        return next(left, False)

    assert await stopped.run(before_page=until_then) is None
    read = sum(zammad.sizes)
    zammad.sizes.clear()
    seen: list[int] = []
    await pass_over(zammad, database, clock).run(progress=lambda _what, count: seen.append(count))
    assert min(seen) > read - 500
    assert seen[-1] == 1000
    assert sum(zammad.sizes) < 1500, "what was read is not read again"
