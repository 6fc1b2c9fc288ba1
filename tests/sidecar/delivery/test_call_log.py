"""Parcels for a simulated Zammad: every answer of docs/reference/zammad.md section 1.2, and what is repeated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import anyio
import pytest

from sidecar.calls.conversation.caller_log import CloseRow, Effect, OpenRow, Otherwise, ShowAnswer, row_key
from sidecar.calls.conversation.parcels import ParcelKind, ParcelState
from sidecar.calls.reasons import because
from sidecar.delivery.call_log import A_DAY, ATTEMPTS, CallLog, Surroundings
from sidecar.delivery.outcomes import Delivered, Failed, Postponed
from sidecar.store.calls.outbox import Parcel
from tests.sentences import said
from zammad_client import Zammad
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
NOW = 1_795_376_000.0
OPEN = OpenRow(call_id="c-1", direction="in", caller="49301234567", callee="4930600001", users=("Jane Doe",))
SHOW = ShowAnswer(
    call_id="c-1",
    direction="in",
    caller="49301234567",
    callee="4930600001",
    user="Jane Doe",
    agent_id=4,
    dialog_until=NOW + 20,
)
CLOSE = CloseRow(call_id="c-1", direction="in", caller="49301234567", callee="4930600001", cause="noAnswer")


class Sidecar:
    """What the delivery asks of the rest."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self.now = NOW
        self.cti_token: str | None = sim.cti_token
        self.ended = False
        self.browsers_need = 0.0
        self.switched_on = True
        self.rang_at: float | None = None
        self.opens_for_withheld = True

    async def title(self, effect: ShowAnswer) -> str:
        return f"Erika ({effect.caller})"

    async def renew_settings(self) -> None:
        self.cti_token = self.sim.cti_token

    async def phone_switch(self, _agent: int, /, *, since: float | None) -> bool:
        self.rang_at = since
        return self.switched_on

    async def has_ended(self, _conversation_id: int) -> bool:
        return self.ended


@pytest.fixture
def sim() -> Simulator:
    return Simulator(version="6.5")


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


@pytest.fixture
def sidecar(sim: Simulator) -> Sidecar:
    return Sidecar(sim)


@pytest.fixture
async def call_log(sim: Simulator, url: str, sidecar: Sidecar) -> AsyncIterator[CallLog]:
    async with zammad_at(sim, url) as zammad:
        yield CallLog(zammad=zammad, surroundings=surroundings_of(sidecar), clock=lambda: sidecar.now)


@asynccontextmanager
async def zammad_at(sim: Simulator, url: str) -> AsyncIterator[Zammad]:
    zammad = Zammad(url=url, token=sim.tokens.service, timeout=1.0)
    try:
        yield zammad
    finally:
        await zammad.aclose()


def surroundings_of(sidecar: Sidecar) -> Surroundings:
    return Surroundings(
        cti_token=lambda: sidecar.cti_token,
        renew_settings=sidecar.renew_settings,
        phone_switch=sidecar.phone_switch,
        has_ended=sidecar.has_ended,
        title=sidecar.title,
        opens_for=lambda caller: caller.isdigit() or sidecar.opens_for_withheld,
        browsers_need=lambda: sidecar.browsers_need,
    )


def parcel(effect: Effect, *, uncertain: bool = False, attempts: int = 0) -> Parcel:
    kinds = {OpenRow: ParcelKind.OPEN_ROW, ShowAnswer: ParcelKind.SHOW_ANSWER, CloseRow: ParcelKind.CLOSE_ROW}
    return Parcel(
        id=1,
        conversation_id=1,
        kind=kinds[type(effect)],
        effect=effect,
        state=ParcelState.PENDING,
        created_at=NOW,
        due_at=NOW,
        attempts=attempts,
        uncertain=uncertain,
        note=None,
    )


async def test_the_agent_who_picked_up_gets_the_dialog(call_log: CallLog, sim: Simulator) -> None:
    for effect in (OPEN, SHOW, CLOSE):
        assert await call_log.deliver(parcel(effect)) == Delivered()
    (opened,) = sim.opened
    assert (opened.agent_id, opened.customer_id) == (4, 6)
    assert sim.call_log[0]["state"] == "hangup"


async def test_the_dialog_says_who_it_is_and_the_row_keeps_the_number(call_log: CallLog, sim: Simulator) -> None:
    for effect in (OPEN, SHOW):
        await call_log.deliver(parcel(effect))
    assert [opened.title for opened in sim.opened] == ["Call from Erika (49301234567)"]
    assert sim.call_log[0]["from"] == "49301234567"


async def test_for_a_withheld_number_nothing_opens_where_that_is_not_wanted(
    call_log: CallLog, sim: Simulator, sidecar: Sidecar
) -> None:
    sidecar.opens_for_withheld = False
    await call_log.deliver(parcel(replace(OPEN, caller="anonymous")))
    shown = await call_log.deliver(parcel(replace(SHOW, caller="anonymous")))
    assert shown == Delivered(note=because(Otherwise.WITHHELD))
    assert sim.opened == []
    assert sim.call_log[0]["state"] == "answer"


async def test_a_row_that_exists_already_was_delivered(call_log: CallLog, sim: Simulator) -> None:
    assert await call_log.deliver(parcel(OPEN)) == Delivered()
    assert await call_log.deliver(parcel(OPEN, uncertain=True)) == Delivered()
    assert len(sim.call_log) == 1


@pytest.mark.parametrize(
    ("why", "uncertain"),
    [
        (Otherwise.PHONE_OFF, False),
        (Otherwise.TOO_LATE, False),
        (Otherwise.CALL_ENDED, False),
        (Otherwise.MAY_BE_OPEN, True),
    ],
)
async def test_the_answer_is_shown_but_nothing_opens(
    call_log: CallLog, sim: Simulator, sidecar: Sidecar, why: Otherwise, *, uncertain: bool
) -> None:
    sidecar.switched_on = why is not Otherwise.PHONE_OFF
    sidecar.now += 21 if why is Otherwise.TOO_LATE else 0
    sidecar.ended = why is Otherwise.CALL_ENDED
    await call_log.deliver(parcel(OPEN))
    assert await call_log.deliver(parcel(SHOW, uncertain=uncertain)) == Delivered(note=because(why))
    assert sim.opened == []
    assert (sim.call_log[0]["state"], sim.call_log[0]["to_comment"]) == ("answer", "Jane Doe")


@pytest.mark.parametrize("rang_at", [NOW - 3.0, None])
async def test_the_switch_counts_as_it_was_since_the_phone_began_to_ring(
    call_log: CallLog, sidecar: Sidecar, rang_at: float | None
) -> None:
    await call_log.deliver(parcel(replace(SHOW, rang_at=rang_at)))
    assert sidecar.rang_at == rang_at


async def test_the_switch_and_whom_zammad_means_are_asked_for_at_once(
    sim: Simulator, url: str, sidecar: Sidecar
) -> None:
    title_asked, switch_asked = anyio.Event(), anyio.Event()

    async def title(_effect: ShowAnswer) -> str:
        title_asked.set()
        await switch_asked.wait()
        return "Erika"

    async def phone_switch(_agent: int, /, *, since: float | None) -> bool:
        assert since is None
        switch_asked.set()
        await title_asked.wait()
        return True

    async with zammad_at(sim, url) as zammad:
        asked = replace(surroundings_of(sidecar), title=title, phone_switch=phone_switch)
        call_log = CallLog(zammad=zammad, surroundings=asked, clock=lambda: sidecar.now)
        with anyio.fail_after(10):
            for effect in (OPEN, SHOW):
                await call_log.deliver(parcel(effect))
    assert [opened.title for opened in sim.opened] == ["Call from Erika"]


async def test_an_answer_for_a_row_zammad_lacks_brings_the_row_and_the_dialog(
    call_log: CallLog, sim: Simulator
) -> None:
    assert await call_log.deliver(parcel(SHOW)) == Delivered()
    assert len(sim.call_log) == 1
    assert [opened.agent_id for opened in sim.opened] == [4]


async def test_a_hangup_for_a_row_zammad_lacks_brings_the_row(call_log: CallLog, sim: Simulator) -> None:
    assert await call_log.deliver(parcel(CLOSE)) == Delivered()
    assert [(row["state"], row["done"]) for row in sim.call_log] == [("hangup", False)]


async def test_a_hangup_that_was_done_is_not_repeated(call_log: CallLog, sim: Simulator) -> None:
    await call_log.deliver(parcel(OPEN))
    sim.faults.next(1).lose_answers(path="/api/v1/cti/")
    outcome = await call_log.deliver(parcel(CLOSE))
    assert isinstance(outcome, Postponed)
    assert outcome.uncertain
    assert await call_log.deliver(parcel(CLOSE, uncertain=True)) == Delivered(note=because(Otherwise.DONE_BEFORE))
    assert sim.call_log[0]["done"] is False, "a repeated hangup would have marked the missed call as handled"


async def test_a_hangup_that_was_not_done_is_repeated(call_log: CallLog, sim: Simulator) -> None:
    await call_log.deliver(parcel(OPEN))
    assert await call_log.deliver(parcel(CLOSE, uncertain=True)) == Delivered()
    assert sim.call_log[0]["state"] == "hangup"


async def test_a_hangup_whose_row_is_not_listed_is_left_alone(call_log: CallLog, sim: Simulator) -> None:
    outcome = await call_log.deliver(parcel(CLOSE, uncertain=True))
    assert outcome == Delivered(note=because(Otherwise.ROW_UNLISTED))
    assert sim.call_log == []


@pytest.mark.parametrize("harmless", [replace(CLOSE, cause="normalClearing"), replace(CLOSE, direction="out")])
async def test_a_hangup_that_cannot_change_what_is_missed_is_repeated_though_its_row_is_not_listed(
    call_log: CallLog, sim: Simulator, harmless: CloseRow
) -> None:
    await call_log.deliver(parcel(OPEN))
    await call_log.deliver(parcel(SHOW))
    sim.settings["cti_config"] |= {"view_limit": 1}
    await call_log.deliver(parcel(replace(OPEN, call_id="a later call")))
    assert await call_log.deliver(parcel(harmless, uncertain=True)) == Delivered()
    assert {row["call_id"]: row["state"] for row in sim.call_log} == {"c-1": "hangup", "a later call": "newCall"}


async def test_a_dialog_whose_answer_was_lost_opens_once(call_log: CallLog, sim: Simulator) -> None:
    await call_log.deliver(parcel(OPEN))
    sim.faults.next(1).lose_answers(path="/api/v1/cti/")
    outcome = await call_log.deliver(parcel(SHOW))
    assert isinstance(outcome, Postponed)
    assert outcome.uncertain
    await call_log.deliver(parcel(SHOW, uncertain=True))
    assert len(sim.opened) == 1


async def test_a_changed_cti_token_is_read_again(call_log: CallLog, sim: Simulator) -> None:
    sim.settings["cti_token"] = "new-token"
    first = await call_log.deliver(parcel(OPEN))
    assert isinstance(first, Postponed)
    assert await call_log.deliver(parcel(OPEN)) == Delivered()


async def test_a_disabled_integration_is_waited_for(call_log: CallLog, sim: Simulator) -> None:
    sim.settings["cti_integration"] = False
    outcome = await call_log.deliver(parcel(OPEN))
    assert isinstance(outcome, Postponed)
    assert (outcome.outage, outcome.after) == (True, 15.0)


async def test_what_zammad_refuses_is_a_dead_letter(call_log: CallLog) -> None:
    outcome = await call_log.deliver(parcel(replace(OPEN, direction="sideways")))
    assert isinstance(outcome, Failed)
    assert said(outcome.reason) == "Invalid 'direction'! (HTTP 422)"


@pytest.mark.parametrize("status", [429, 502, 503])
async def test_an_outage_is_an_outage(call_log: CallLog, sim: Simulator, status: int) -> None:
    sim.faults.fail(status, headers={"Retry-After": "7"})
    outcome = await call_log.deliver(parcel(OPEN))
    assert isinstance(outcome, Postponed)
    assert outcome.outage


async def test_a_fault_without_a_reason_on_a_new_row_is_tried_for_a_day(
    call_log: CallLog, sim: Simulator, sidecar: Sidecar
) -> None:
    sim.faults.fail(500)
    for attempts in (0, ATTEMPTS + 10):
        outcome = await call_log.deliver(parcel(OPEN, attempts=attempts))
        assert isinstance(outcome, Postponed)
        assert (outcome.outage, outcome.faulty) == (True, True)
    sidecar.now += A_DAY + 1
    assert isinstance(await call_log.deliver(parcel(OPEN, attempts=ATTEMPTS - 1)), Failed)


async def test_an_event_that_fails_although_its_row_is_there_is_tried_ten_times(call_log: CallLog) -> None:
    await call_log.deliver(parcel(OPEN))
    impossible = replace(SHOW, agent_id=None, user=["an array"])  # type: ignore[arg-type] # Zammad answers it with 500
    outcome = await call_log.deliver(parcel(impossible))
    assert isinstance(outcome, Postponed)
    assert (outcome.outage, outcome.faulty) == (False, True), "Zammad as a whole is not to blame"
    assert isinstance(await call_log.deliver(parcel(impossible, attempts=ATTEMPTS - 1)), Failed)


async def test_an_outage_of_every_request_is_nothing_that_an_event_can_help(call_log: CallLog, sim: Simulator) -> None:
    sim.faults.fail(500)
    outcome = await call_log.deliver(parcel(SHOW, attempts=ATTEMPTS))
    assert isinstance(outcome, Postponed)
    assert outcome.outage


async def test_without_the_right_to_read_the_log_a_hangup_in_doubt_is_not_repeated(
    call_log: CallLog, sim: Simulator
) -> None:
    await call_log.deliver(parcel(OPEN))
    held = sim.api_tokens[sim.tokens.service]
    sim.api_tokens[sim.tokens.service] = replace(held, permissions=held.permissions - {"cti.agent"})
    outcome = await call_log.deliver(parcel(CLOSE, uncertain=True))
    assert isinstance(outcome, Delivered)
    assert said(outcome.note).startswith("not repeated: Zammad's log cannot be read")
    assert sim.call_log[0]["state"] == "newCall"


async def test_a_proxy_that_names_a_pause_is_believed_although_the_outcome_is_unknown(
    call_log: CallLog, sim: Simulator
) -> None:
    sim.faults.fail(504, headers={"Retry-After": "7"})
    outcome = await call_log.deliver(parcel(OPEN))
    assert isinstance(outcome, Postponed)
    assert (outcome.uncertain, outcome.after) == (True, 7.0)


@pytest.mark.parametrize("status", [302, 404, 403, 405, 521])
async def test_what_a_proxy_says_while_zammad_is_away_is_no_dead_letter(
    call_log: CallLog, sim: Simulator, status: int
) -> None:
    sim.faults.fail(status)
    outcome = await call_log.deliver(parcel(OPEN))
    assert isinstance(outcome, Postponed)
    assert outcome.outage


async def test_a_call_id_longer_than_zammads_column_is_found_again_under_its_key(
    call_log: CallLog, sim: Simulator
) -> None:
    key = row_key("f" * 300)
    for effect in (OPEN, SHOW, CLOSE):
        outcome = await call_log.deliver(parcel(replace(effect, call_id=key)))
        assert isinstance(outcome, Delivered)
    assert [row["state"] for row in sim.call_log] == ["hangup"]


@pytest.mark.parametrize("status", [302, 404, 503])
async def test_a_proxy_in_zammads_place_says_nothing_about_the_log(
    call_log: CallLog, sim: Simulator, status: int
) -> None:
    """A hangup of unknown outcome is neither repeated nor given up: once Zammad is back it is looked at."""
    await call_log.deliver(parcel(OPEN))
    await call_log.deliver(parcel(SHOW))
    sim.faults.fail(status, path="/api/v1/cti/log")
    outcome = await call_log.deliver(parcel(CLOSE, uncertain=True))
    assert isinstance(outcome, Postponed)
    assert outcome.outage
    sim.faults.clear()
    assert await call_log.deliver(parcel(CLOSE, uncertain=True)) == Delivered()
    assert [row["state"] for row in sim.call_log] == ["hangup"]


async def test_a_request_that_found_no_connection_is_repeated_with_its_dialog(
    call_log: CallLog, sim: Simulator
) -> None:
    await call_log.deliver(parcel(OPEN))
    for status in (503, None):
        sim.faults.fail(status) if status else sim.faults.refuse()
        outcome = await call_log.deliver(parcel(SHOW))
        assert isinstance(outcome, Postponed)
        assert (outcome.uncertain, outcome.is_down) == (False, True)
        sim.faults.clear()
    assert await call_log.deliver(parcel(SHOW)) == Delivered()
    assert len(sim.opened) == 1


async def test_what_a_zammad_that_was_down_has_not_seen_is_repeated_with_its_dialog(
    call_log: CallLog, sim: Simulator
) -> None:
    await call_log.deliver(parcel(OPEN))
    sim.faults.fail(502)
    for again in (False, True):
        outcome = await call_log.deliver(parcel(SHOW, uncertain=again))
        assert isinstance(outcome, Postponed)
        assert outcome.is_down or outcome.outage
    sim.faults.clear()
    assert await call_log.deliver(parcel(SHOW, uncertain=True)) == Delivered()
    assert len(sim.opened) == 1


async def test_what_a_zammad_that_was_down_has_seen_opens_nothing_again(call_log: CallLog, sim: Simulator) -> None:
    await call_log.deliver(parcel(OPEN))
    sim.faults.fail(502)
    await call_log.deliver(parcel(SHOW))
    sim.faults.clear()
    await call_log.deliver(replace(parcel(SHOW), id=2))  # as if it had been carried out before puma died
    assert await call_log.deliver(parcel(SHOW, uncertain=True)) == Delivered(note=because(Otherwise.MAY_BE_OPEN))
    assert len(sim.opened) == 1


@pytest.mark.parametrize("fault", [504, "cut"])
async def test_after_another_attempt_of_unknown_outcome_a_row_that_still_rings_says_nothing(
    call_log: CallLog, sim: Simulator, fault: int | str
) -> None:
    await call_log.deliver(parcel(OPEN))
    sim.faults.fail(502)
    await call_log.deliver(parcel(SHOW))
    sim.faults.clear()
    if isinstance(fault, int):
        sim.faults.fail(fault, path=f"/api/v1/cti/{sim.cti_token}")
    else:
        sim.faults.hang(path=f"/api/v1/cti/{sim.cti_token}")
    second = await call_log.deliver(parcel(SHOW, uncertain=True))
    assert isinstance(second, Postponed)
    assert second.uncertain
    sim.faults.clear()
    assert await call_log.deliver(parcel(SHOW, uncertain=True)) == Delivered(note=because(Otherwise.MAY_BE_OPEN))
    assert not sim.opened


async def test_a_masked_refusal_is_a_fault_of_the_database_and_no_dead_letter(
    call_log: CallLog, sim: Simulator, sidecar: Sidecar
) -> None:
    await call_log.deliver(parcel(OPEN))
    sim.faults.next(ATTEMPTS + 2).refuse_masked(path="/api/v1/cti/")
    for attempts in range(ATTEMPTS + 2):
        outcome = await call_log.deliver(parcel(SHOW, attempts=attempts))
        assert isinstance(outcome, Postponed)
        assert (outcome.faulty, outcome.uncertain) == (True, False)
    assert await call_log.deliver(parcel(SHOW, attempts=ATTEMPTS + 2)) == Delivered()
    assert len(sim.opened) == 1
    sim.faults.refuse_masked(path="/api/v1/cti/")
    sidecar.now += A_DAY + 1
    assert isinstance(await call_log.deliver(parcel(SHOW, attempts=ATTEMPTS)), Failed)


async def test_a_dialog_waits_for_browsers_that_are_only_now_connecting_again(
    call_log: CallLog, sim: Simulator, sidecar: Sidecar
) -> None:
    await call_log.deliver(parcel(OPEN))
    sidecar.browsers_need = 4.0
    waits = Postponed(note=because(Otherwise.BROWSERS_AWAY), pause=4.0)
    assert await call_log.deliver(parcel(SHOW)) == waits
    sidecar.now += 18.0
    assert await call_log.deliver(parcel(SHOW)) == replace(waits, pause=1.0)  # later would be too late
    sidecar.now += 1.0
    assert await call_log.deliver(parcel(SHOW)) == Delivered()
    assert len(sim.opened) == 1


async def test_what_opens_nothing_does_not_wait_for_browsers(call_log: CallLog, sidecar: Sidecar) -> None:
    sidecar.browsers_need = 4.0
    assert await call_log.deliver(parcel(OPEN)) == Delivered()
    assert await call_log.deliver(parcel(replace(SHOW, agent_id=None))) == Delivered()
    assert await call_log.deliver(parcel(CLOSE)) == Delivered()
