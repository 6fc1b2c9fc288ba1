"""One scripted call for a sidecar that is running: what its database tells before, and what came of the call."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import anyio
import httpx

from sidecar.calls.numbers.number_pattern import NumberPattern
from sidecar.calls.numbers.numbers import e164_digits
from sidecar.calls.rules.rows import Place, Warnings, as_section, rows, section
from sidecar.calls.rules.rules import Rules, ZammadSettings
from sidecar.scripted_calls.script import MASTER, Colleague
from sidecar.store.calls.outcome import CallOutcome, outcome_of_call
from sidecar.store.database import Connection, Database
from sidecar.sync.kept import read_kept

_SHOWN_WITHIN = 15.0  # seconds until a call is final and delivered, or is shown as it stands
_LOOK = 0.05  # seconds between looks
WITHHELD = "anonymous"
_FILL = "123456"  # what stands for the rest of a number


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a sidecar has kept of Zammad's settings; all empty where it has kept nothing yet."""

    token: str | None = field(default=None, repr=False)
    settings: ZammadSettings | None = None
    rules: Rules | None = None


def read_saved(connection: Connection, country: str) -> Saved:
    kept = read_kept(connection)
    return Saved(token=kept.tokens.current, settings=kept.settings, rules=kept.rules(country))


def colleague(rules: Rules | None, sipgate_id: str | None, *, position: int) -> Colleague:
    """The one with this sipgate id, else the one at this position of the agent map, named as Zammad names them."""
    known = rules.agents.by_sipgate_id if rules else {}
    chosen = sipgate_id or next(iter(list(known)[position : position + 1]), f"w{position}")
    agent = known.get(chosen.lower()) or known.get(MASTER + chosen.lower())
    return Colleague(user_id=chosen.removeprefix(MASTER), name=agent.name if agent else f"Test {chosen}")


def blocked_caller(saved: Saved, country: str) -> str | None:
    """A number that the block list of the sipgate.io page rejects; None where there is none."""
    if saved.settings is None or saved.rules is None:
        return None
    unheard = Warnings()
    inbound = section(
        as_section(saved.settings.sipgate_config, Place.CONFIG, unheard), "inbound", Place.INBOUND, unheard
    )
    for row in rows(inbound, "block_caller_ids", Place.BLOCK_LIST, Place.BLOCK_LIST_ROW, unheard):
        if pattern := NumberPattern.compile(row.text("caller_id"), country):
            number = pattern.text.replace("*", _FILL).replace("?", "1")
            if saved.rules.blocking(number):
                return number
    return None


def as_sipgate_sends(number: str, country: str) -> str:
    """Digits without plus; what is no number as it stands."""
    return e164_digits(number, country) or number


def may_call(written: str) -> bool:
    """Whether sipgate could name this: a number, an id with digits such as 1452406e0, or a withheld number."""
    return any(each.isdigit() for each in written) or written.strip().lower() == WITHHELD


async def is_simulated(zammad_url: str, client: httpx.AsyncClient) -> bool:
    """Whether a simulated Zammad answers there: nothing that happens in it disturbs anybody."""
    try:
        answer = await client.get(f"{zammad_url}/sim/state")
        return answer.status_code == httpx.codes.OK and "not_simulated" in answer.json()
    except (httpx.HTTPError, ValueError):
        return False


def at(base: str, url: str) -> str:
    """The same path on another host: the sidecar under test, whatever its public address is."""
    parts = urlsplit(url)
    return f"{base}{parts.path}" + (f"?{parts.query}" if parts.query else "")


async def outcome_in(database: Database, call_ids: Sequence[str], hooks: int) -> CallOutcome | None:
    """Once it is final, else as it stands when the patience is at its end."""
    deadline = time.monotonic() + _SHOWN_WITHIN
    while True:
        outcome = await database.read(lambda connection: outcome_of_call(connection, call_ids))
        if (outcome and outcome.is_final(hooks)) or time.monotonic() > deadline:
            return outcome
        await anyio.sleep(_LOOK)
