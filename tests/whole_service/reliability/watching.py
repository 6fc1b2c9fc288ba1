"""What the tests of reliability wait for and look at, in the database and in the simulated Zammad."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping

from sqlalchemy import func, select

from sidecar.store.calls import outbox
from sidecar.store.calls.tables import conversations
from sidecar.store.database import Connection, Database
from sidecar.store.journal.hooks import waiting_hooks
from sidecar.store.journal.tables import hooks
from tests.service import prepared
from tests.sidecar.calls.conversation.traces import Trace
from tests.waiting import until
from zammad_client.simulator import Simulator

IN_HASTE = {
    "SIDECAR_CALLS__MISSING_HANGUP_AFTER": "5",  # calls cut off by a crash are given up soon
    "SIDECAR_ZAMMAD__TIMEOUT": "1",
}
AGENTS = [{"remote_user_id": "w1", "user_id": "4"}, {"remote_user_id": "w2", "user_id": "5"}]


class Clock:
    """Stands still until it is set, and goes on at a speed of its own if it has one."""

    def __init__(self, *, speed: float = 0.0) -> None:
        self._set_to = time.time()
        self._set_at = time.monotonic()
        self._speed = speed

    def __call__(self) -> float:
        return self._set_to + (time.monotonic() - self._set_at) * self._speed

    def jump(self, seconds: float) -> None:
        self._set_to += seconds

    def run_at(self, speed: float) -> None:
        self._set_to, self._set_at = self(), time.monotonic()
        self._speed = speed


def simulated(clock: Callable[[], float] = time.time, *, view_limit: int = 60) -> Simulator:
    """`view_limit`: rows that Zammad's log lists."""
    return prepared(Simulator(clock=clock), user_remote_map=AGENTS, view_limit=view_limit)


def nothing_left_to_do(connection: Connection) -> bool:
    """Every hook is folded, every parcel has come to its end."""
    return not waiting_hooks(connection, 1) and outbox.backlog(connection).pending == 0


def all_is_over(connection: Connection) -> bool:
    """Neither hooks nor Zammad nor time will change anything."""
    awake = select(func.count()).where(conversations.c.wake_at.is_not(None))
    asleep = not waiting_hooks(connection, 1) and connection.execute(awake).scalar_one() == 0
    return asleep and nothing_left_to_do(connection)  # asked in the order in which one leads to the other


async def until_in(database: Database, condition: Callable[[Connection], bool], *, patience: float = 180.0) -> None:
    await until(lambda: database.read(condition), patience=patience)


def ended_calls(connection: Connection) -> dict[str, str]:
    """Call (what stands before the slash of its ids) to its state; there must be one conversation for each."""
    query = select(conversations.c.state, conversations.c.story)
    found = [(row.story[0]["call_id"].partition("/")[0], row.state) for row in connection.execute(query)]
    assert len(dict(found)) == len(found), "a call became two conversations"
    return dict(found)


def journalled(connection: Connection) -> Counter[tuple[str, str]]:
    """CallId and event to how many hooks there are of them."""
    return Counter((row.call_id, row.event) for row in connection.execute(select(hooks.c.call_id, hooks.c.event)))


def rows_by_call(sim: Simulator) -> dict[str, list[tuple[str, bool]]]:
    """Call to state and done flag of its rows in Zammad's log."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for row in sim.call_log:
        found.setdefault(str(row["call_id"]).partition("/")[0], []).append((row["state"], row["done"]))
    return found


def dialogs(sim: Simulator) -> Counter[tuple[str, int]]:
    """Call and agent to how many dialogs opened."""
    return Counter((opened.call_id.partition("/")[0], opened.agent_id) for opened in sim.opened)


def assert_each_call_once(sim: Simulator, told: Mapping[str, Trace], ended: Mapping[str, str]) -> None:
    """`told`: calls all of whose hooks were answered in time."""
    rows = rows_by_call(sim)
    assert told, "no call was made from its beginning to its end"
    for name, trace in told.items():
        assert (ended[name], rows[name]) == (trace.state, [("hangup", trace.done)]), (name, trace.name)
    assert all(state == "hangup" for found in rows.values() for state, _ in found)
    assert max(dialogs(sim).values(), default=1) == 1
