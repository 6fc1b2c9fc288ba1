"""Plays the scenes, shows what happens, and judges whether all of it was as expected."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import anyio
import httpx

from sidecar.demo.effects import (
    Aftermath,
    InZammad,
    MissedSeen,
    TicketSeen,
    missed_call_of,
    newest_ticket_titled,
    seen_effects,
    seen_in_zammad,
)
from sidecar.demo.note import NoteSeen, newest_note, write_note
from sidecar.demo.scenes import Scene
from sidecar.demo.screen import Line, Screen, Verdict
from sidecar.demo.set_up import SetUp
from sidecar.hooks.http import HIDDEN_TOKEN
from sidecar.scripted_calls.phone import Exchange, Phone
from sidecar.scripted_calls.script import call_ids
from sidecar.store.calls.outcome import CallOutcome, outcome_of_call
from sidecar.words.marks import N_
from sidecar.words.sentences import sentence

_LOOK = 0.02  # seconds between looks at how far things are
_FINAL = 4.0  # seconds more at the end of a call: it may still be overtaken for two of them
_NOTE = N_("Jane writes a note about the call into the ticket {ticket}")
_TICKING = N_('ticking "block calls" of {name} in Zammad')
_CLEARING = N_('clearing "block calls" of {name} in Zammad')
_SOON = 1.0  # seconds each effect may take once another one has failed to come: no minutes over what is broken

Seen = TypeVar("Seen")


@dataclass(slots=True, kw_only=True)
class _Call:
    """A call under way. `before`: what Zammad showed of it when the last hook was sent."""

    scene: Scene
    ids: tuple[str, ...]
    exchanges: list[Exchange] = field(default_factory=list)
    line: Line | None = None
    before: InZammad = field(default_factory=InZammad)
    seen: InZammad = field(default_factory=InZammad)


class Rounds:
    """One round of scenes after the other.

    Args:
        pause: seconds after each hook, so that people can follow.
        patience: seconds an effect may take, besides what the sidecar itself has to wait.

    """

    def __init__(
        self, *, set_up: SetUp, client: httpx.AsyncClient, screen: Screen, pause: float = 0.0, patience: float = 20.0
    ) -> None:
        self._set_up = set_up
        self._client = client
        self._phone = Phone(client=client, urls=set_up.hook_urls, sign=set_up.sign)
        self._screen = screen
        self._pause = pause
        self._first_patience = self._patience = patience

    async def play(self, scenes: Sequence[Scene], *, number: int = 1) -> list[Verdict]:
        """Round `number`. Raises: httpx.HTTPError where somebody does not answer at all."""
        self._patience = self._first_patience
        verdicts: dict[str, Verdict] = {}
        async with anyio.create_task_group() as endings:
            for position, scene in enumerate(scenes, start=1):
                if scene.follows in {each.title for each in scenes[: position - 1]}:
                    await self._until_judged(scene.follows, verdicts)
                call = await self._call(scene, f"demo-{number}-{position}")
                endings.start_soon(self._judge, call, verdicts)
        return [verdicts[scene.title] for scene in scenes]

    async def _call(self, scene: Scene, name: str) -> _Call:
        call = _Call(scene=scene, ids=call_ids(scene.script, name))
        if scene.blocks:
            await self._tick_the_box(scene)
        async for exchange in self._phone.play(scene.script, call=name):
            self._begin_line(call, exchange)
            self._fill_line(call, await self._outcome(call, CallOutcome.caught_up, self._patience))
            await anyio.sleep(self._pause)
        return call

    async def _judge(self, call: _Call, verdicts: dict[str, Verdict]) -> None:
        """A call is final only when nothing of it can be overtaken any more."""
        outcome = await self._outcome(call, CallOutcome.is_final, _FINAL + self._patience)
        self._fill_line(call, outcome)
        if call.line:
            self._screen.completed(call.line)
        after = Aftermath(
            missed=await self._missed_call(call.scene),
            ticket=await self._ticket(call.scene),
            note=await self._note(call.scene, outcome),
        )
        seen = seen_effects(call.seen, call.exchanges, outcome, after)
        verdicts[call.scene.title] = Verdict(title=call.scene.title, expected=call.scene.expected, seen=seen)

    async def _missed_call(self, scene: Scene) -> MissedSeen | None:
        """How it was closed, where the scene is about that."""
        if scene.expected.missed is None:
            return None
        return await self._set_up.database.read(partial(missed_call_of, number=scene.script.callee))

    async def _ticket(self, scene: Scene) -> TicketSeen | None:
        """How it stands, where the scene is about one, once it is as expected or the patience is at its end."""
        if (expected := scene.expected.ticket) is None:
            return None
        return await self._once_as(expected, partial(newest_ticket_titled, self._set_up.sim, expected.title))

    async def _note(self, scene: Scene, outcome: CallOutcome | None) -> NoteSeen | None:
        if scene.note is None or scene.expected.note is None or outcome is None:
            return None
        self._screen.say(_NOTE, ticket=scene.note.ticket)
        await write_note(self._set_up, outcome.conversation_id, scene.note)
        return await self._once_as(scene.expected.note, partial(newest_note, self._set_up.sim, scene.note))

    async def _once_as(self, expected: Seen, look: Callable[[], Seen]) -> Seen:
        """What is seen when it is as expected, or when the patience is at its end."""
        deadline = time.monotonic() + _FINAL + self._patience
        while (found := look()) != expected and time.monotonic() < deadline:  # noqa: ASYNC110 - nothing tells of it
            await anyio.sleep(_LOOK)
        return found

    async def _until_judged(self, title: str, verdicts: Mapping[str, Verdict]) -> None:
        deadline = time.monotonic() + _FINAL + self._patience
        while title not in verdicts and time.monotonic() < deadline:  # noqa: ASYNC110 - each scene judges for itself
            await anyio.sleep(_LOOK)

    def _begin_line(self, call: _Call, exchange: Exchange) -> None:
        if call.line:  # whatever comes now comes of the next hook
            self._screen.completed(call.line)
        call.exchanges.append(exchange)
        call.before = call.seen
        answer = exchange.xml.replace(self._set_up.sidecar_url, "")
        hidden = answer.replace(self._set_up.sim.sipgate_token, HIDDEN_TOKEN)
        call.line = Line(
            scene=self._screen.words.gettext(call.scene.title), hook=_hook_in_words(call.scene, exchange), answer=hidden
        )
        self._screen.add(call.line)

    def _fill_line(self, call: _Call, outcome: CallOutcome | None) -> None:
        call.seen = seen_in_zammad(self._set_up.sim, call.ids)
        if call.line is None:
            return
        hooks = outcome.hooks if outcome else ()
        decided = hooks[len(call.exchanges) - 1].reason if len(hooks) >= len(call.exchanges) else None
        call.line.decision = sentence(decided, self._screen.words) if decided else "?"
        call.line.zammad = call.seen.news_since(call.before, self._screen.words)

    async def _outcome(
        self, call: _Call, ready: Callable[[CallOutcome, int], bool], patience: float
    ) -> CallOutcome | None:
        """How the call stands once it is `ready`, or once the patience is at its end."""
        deadline = time.monotonic() + patience
        while True:
            outcome = await self._set_up.database.read(lambda connection: outcome_of_call(connection, call.ids))
            if outcome and ready(outcome, len(call.exchanges)):
                return outcome
            if time.monotonic() > deadline:
                self._patience = min(self._patience, _SOON)
                return outcome
            await anyio.sleep(_LOOK)

    async def _tick_the_box(self, scene: Scene) -> None:
        """In the simulated Zammad's form, as an admin does, until the sidecar knows; it may be ticked already."""
        state = (await self._client.get(f"{self._set_up.zammad_url}/sim/state")).json()
        person = next(person["id"] for person in state["people"] if person["name"] == scene.blocks)
        for ticked in (False, True):
            form = {"cti_blocked": "on"} if ticked else {}
            self._screen.say(_TICKING if ticked else _CLEARING, name=scene.blocks)
            await self._client.post(f"{self._set_up.zammad_url}/sim/users/{person}", data={"-": "", **form})
            await self._until_blocked(scene.script.caller, blocked=ticked)

    async def _until_blocked(self, caller: str, *, blocked: bool) -> None:
        deadline = time.monotonic() + _FINAL + self._patience
        while time.monotonic() < deadline:
            rules = self._set_up.sidecar.rules.rules
            if rules and (rules.blocking(caller) is not None) is blocked:
                return
            await anyio.sleep(_LOOK)


def _hook_in_words(scene: Scene, exchange: Exchange) -> str:
    """`newCall 49301234567 → 493023125000 (Jane Doe)`."""
    step, script = exchange.step, scene.script
    who = ", ".join(user.name for user in step.users)
    numbers = f" {script.caller} → {script.callee}" if step.event == "newCall" else ""
    return f"{step.event}{numbers}" + (f" ({who or step.cause})" if who or step.cause else "")
