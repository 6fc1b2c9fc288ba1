"""Telling Zammad's caller log one thing, and what of that may be repeated (docs/reference/zammad.md section 1.2)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Protocol

from sidecar.calls.conversation.caller_log import CloseRow, Effect, OpenRow, Otherwise, ShowAnswer
from sidecar.calls.reasons import Reason, because
from sidecar.calls.sipgate.events import Direction
from sidecar.delivery.outcomes import Delivered, Failed, Outcome, Postponed, RowMissing, TokenOutdated, meaning_of
from sidecar.faults import reason_of
from sidecar.store.calls.outbox import Parcel
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words
from zammad_client import Zammad
from zammad_client.errors import ZammadError, ZammadNotReachedError, ZammadUnavailableError

ATTEMPTS = 10  # then what Zammad refuses without a reason is a dead letter
IN_ZAMMADS_LOG = Words()  # one log for everybody, whatever their languages
SPARE = 1.0  # seconds before it would be too late for a dialog
A_DAY = 86_400.0  # seconds; so long whatever may be the fault of Zammad as a whole is tried again


class PhoneSwitch(Protocol):
    """Whether calls may open something for an agent, as it was after an instant; None: as it is now."""

    async def __call__(self, agent: int, /, *, since: float | None) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the delivery asks the parts around it."""

    cti_token: Callable[[], str | None]
    renew_settings: Callable[[], Awaitable[None]]
    phone_switch: PhoneSwitch
    has_ended: Callable[[int], Awaitable[bool]]  # the call a parcel is about
    title: Callable[[ShowAnswer], Awaitable[str]]  # of the dialog, behind "Call from"
    row_opened: Callable[[OpenRow], None] = lambda _row: None  # somebody may pick up soon
    dialog_sent: Callable[[], None] = lambda: None
    opens_for: Callable[[str], bool] = lambda _caller: True  # whether anything opens for a caller as Zammad has them
    browsers_need: Callable[[], float] = lambda: 0.0  # seconds until those of the agents are connected again


class CallLog:
    """Zammad's caller log as a place parcels are delivered to."""

    def __init__(self, *, zammad: Zammad, surroundings: Surroundings, clock: Callable[[], float]) -> None:
        self._zammad = zammad
        self._ask = surroundings
        self._clock = clock
        self._perhaps_unseen: dict[int, None] = {}  # parcels sent to a Zammad that was down, as far as is known

    async def deliver(self, parcel: Parcel) -> Outcome:
        """One attempt. Never raises for what Zammad says or fails to say."""
        effect = parcel.effect
        match effect:
            case OpenRow():
                result = await self._send(event_of(effect))
                if isinstance(result, Delivered):
                    self._ask.row_opened(effect)
            case ShowAnswer():
                result = await self._show(parcel, effect)
            case CloseRow():
                if parcel.uncertain and (settled := await self._looked_closed(effect)):
                    return settled
                result = await self._send(event_of(effect))
        if isinstance(result, RowMissing):
            result = await self._open_row_first(parcel, result)
        outcome = self._concluded(parcel, result)
        self._remember(parcel, outcome)
        return outcome

    def _remember(self, parcel: Parcel, outcome: Outcome) -> None:
        """A crash forgets it: then the parcel counts as seen, and opens nothing."""
        if not isinstance(outcome, Postponed):
            self._perhaps_unseen.pop(parcel.id, None)
        elif outcome.uncertain and outcome.is_down and not parcel.uncertain:
            self._perhaps_unseen[parcel.id] = None
        elif outcome.uncertain and not outcome.is_down:
            self._perhaps_unseen.pop(parcel.id, None)

    async def _show(self, parcel: Parcel, effect: ShowAnswer) -> Outcome | RowMissing | TokenOutdated:
        if parcel.id in self._perhaps_unseen:
            states = await self._states_in_log(effect)
            if isinstance(states, Postponed):
                return states
            if states == ["newCall"]:
                parcel = replace(parcel, uncertain=False)
        reason, title = await self._dialog_for(parcel, effect)
        if reason is None and (pause := self._until_browsers_are_back(effect)) > 0:
            return Postponed(note=because(Otherwise.BROWSERS_AWAY), uncertain=parcel.uncertain, pause=pause)
        result = await self._send(event_of(effect, dialog_title=None if reason else title))
        if reason is None and isinstance(result, Delivered):
            self._ask.dialog_sent()
        return Delivered(note=reason) if isinstance(result, Delivered) and effect.agent_id else result

    async def _dialog_for(self, parcel: Parcel, effect: ShowAnswer) -> tuple[Reason | None, str]:
        """Why the answer is shown without opening anything; None: the dialog opens, with this title.

        What Zammad has to be asked for either is asked at once: where it does not answer, each is waited for.
        """
        if effect.agent_id is None:
            return because(Otherwise.NO_AGENT), ""
        if parcel.uncertain or not self._ask.opens_for(effect.caller):
            return because(Otherwise.MAY_BE_OPEN if parcel.uncertain else Otherwise.WITHHELD), ""
        reason = self._no_dialog_because(parcel, effect, effect.agent_id)
        return await asyncio.gather(reason, self._ask.title(effect))

    async def _no_dialog_because(self, parcel: Parcel, effect: ShowAnswer, agent_id: int) -> Reason | None:
        if not await self._ask.phone_switch(agent_id, since=effect.rang_at):
            return because(Otherwise.PHONE_OFF)
        if await self._ask.has_ended(parcel.id):
            return because(Otherwise.CALL_ENDED)
        if effect.dialog_until is not None and self._clock() > effect.dialog_until:
            return because(Otherwise.TOO_LATE)
        return None

    def _until_browsers_are_back(self, effect: ShowAnswer) -> float:
        """Seconds, while a dialog may still open then."""
        left = inf if effect.dialog_until is None else effect.dialog_until - self._clock() - SPARE
        return min(self._ask.browsers_need(), left)

    async def _looked_closed(self, effect: CloseRow) -> Outcome | None:
        """A hangup of unknown outcome: only what the log still shows as open is closed again.

        Where the log does not say, a row that cannot become missed or handled by that is closed in any case.
        """
        states = await self._states_in_log(effect)
        if isinstance(states, Postponed):
            return states
        if isinstance(states, list) and states:
            return Delivered(note=because(Otherwise.DONE_BEFORE)) if "hangup" in states else None
        if effect.direction == Direction.OUT or effect.cause == "normalClearing":
            return None
        return Delivered(note=because(Otherwise.ROW_UNLISTED)) if isinstance(states, list) else states

    async def _states_in_log(self, effect: ShowAnswer | CloseRow) -> list[str] | Postponed | Delivered:
        """Of the call's row, as Zammad lists it; `Delivered` where nobody can say: better left than done twice."""
        try:
            rows = await self._zammad.call_log()
        except (ZammadUnavailableError, ZammadNotReachedError) as error:
            return Postponed(note=reason_of(error), outage=True)
        except ZammadError as error:  # the service user may not read the log
            return Delivered(note=because(Otherwise.LOG_UNREADABLE, error=reason_of(error)))
        return [row.state for row in rows if row.call_id == effect.call_id]

    async def _open_row_first(self, parcel: Parcel, missing: RowMissing) -> Outcome | RowMissing | TokenOutdated:
        """The recipe for a masked 500: send `newCall`, then the event once more, without a dialog if in doubt."""
        effect = parcel.effect
        if isinstance(effect, OpenRow):
            return replace(missing, not_even_opened=True)
        opening = await self._send(opening_for(effect))
        if isinstance(opening, RowMissing):
            return replace(opening, not_even_opened=True)
        if isinstance(opening, Postponed):
            return replace(opening, uncertain=parcel.uncertain)  # the event itself has not been sent
        if not isinstance(opening, Delivered):
            return opening
        if isinstance(effect, ShowAnswer):
            return await self._show(parcel, effect)
        return await self._send(event_of(effect))

    async def _send(self, event: Mapping[str, object]) -> Outcome | RowMissing | TokenOutdated:
        token = self._ask.cti_token()
        if token is None:
            return Postponed(note=because(Otherwise.NO_TOKEN), outage=True)
        try:
            await self._zammad.call_event(token, event)
        except ZammadError as error:
            meaning = meaning_of(error)
            if isinstance(meaning, TokenOutdated):
                await self._ask.renew_settings()
            return meaning
        return Delivered()

    def _concluded(self, parcel: Parcel, result: Outcome | RowMissing | TokenOutdated) -> Outcome:
        """Whatever Zammad as a whole may be the cause of is tried for a day, what only this parcel meets ten times."""
        tried, old = parcel.attempts + 1 >= ATTEMPTS, self._clock() - parcel.created_at > A_DAY
        match result:
            case RowMissing(note=note, not_even_opened=whole):
                if tried and (old or not whole):
                    return Failed(reason=because(Otherwise.TRIED, why=note, times=parcel.attempts + 1))
                return Postponed(note=note, outage=whole, faulty=True)
            case TokenOutdated(note=note):
                return Postponed(note=note, outage=True)
            case Postponed(faulty=True, note=note) if tried and old:
                return Failed(reason=because(Otherwise.TRIED, why=note, times=parcel.attempts + 1))
            case _:
                return result


def event_of(effect: Effect, *, dialog_title: str | None = None) -> dict[str, object]:
    """The parameters of the generic CTI endpoint for an effect; an answer opens a dialog if there is a title for it.

    The `from` of an answer is read for that title alone; the row keeps what opened it.
    """
    event: dict[str, object] = {
        "direction": effect.direction,
        "callId": effect.call_id,
        "from": effect.caller,
        "to": effect.callee,
    }
    match effect:
        case OpenRow():
            return {"event": "newCall", **event, **({"user": list(effect.users)} if effect.users else {})}
        case ShowAnswer():
            shown = {"user": effect.user} if effect.user else {}
            opened = {"user_id": str(effect.agent_id), "from": dialog_title} if dialog_title else {}
            return {"event": "answer", **event, **shown, **opened}
        case CloseRow():
            cause = sentence(effect.blocked, IN_ZAMMADS_LOG) if effect.blocked else effect.cause
            return {"event": "hangup", **event, "cause": cause}


def opening_for(effect: ShowAnswer | CloseRow) -> dict[str, object]:
    """The `newCall` of a row that Zammad does not have."""
    return event_of(
        OpenRow(call_id=effect.call_id, direction=effect.direction, caller=effect.caller, callee=effect.callee)
    )
