"""The whole demo from the first light to the last: once for a judgement, or until somebody has seen enough."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import anyio
import httpx
from rich.console import Console

from sidecar.demo.rounds import Rounds
from sidecar.demo.scenes import SCENES, Scene
from sidecar.demo.screen import Screen, Verdict
from sidecar.demo.set_up import SetUp, set_up_demo
from sidecar.words.marks import N_
from sidecar.words.wording import Words
from zammad_client.simulator import NEWEST, Simulator

PAUSE = 0.5  # seconds between hooks where people watch
INTERVAL = 20  # seconds between rounds
_ENDS = N_("Ctrl-C ends it.")
_BALANCE = N_("{good} of {all} scenes as expected")
_ROUND = N_("round {number}: {good} of {all} scenes as expected; the next one begins in {seconds} s")
_NOT_AS_EXPECTED = N_("not as expected: {scene}: {seen}")
_NOT_SIMULATED = N_("asked for, but not simulated: {asked}")
_TIMEOUT = 10.0  # sipgate's own patience (docs/reference/sipgate.md section 3)


def show_demo(
    *,
    once: bool,
    port: int,
    console: Console,
    words: Words,
    zammad: str = NEWEST,
    scenes: Sequence[Scene] = SCENES,
    spoil: Callable[[Simulator], None] = lambda _sim: None,
    patience: float = 20.0,
) -> bool:
    """Whether everything expected was seen; without `once` only SIGINT or SIGTERM ends it, and all is well.

    Raises:
        SetUpError: the port is taken.

    """
    with set_up_demo(port=port, zammad=zammad, spoil=spoil) as set_up:
        screen = Screen(console=console, words=words)
        show = _show_once if once else _show_on_and_on
        return anyio.run(_until_told_to_stop, partial(show, set_up, screen, scenes, patience)) or not once


async def _until_told_to_stop(show: Callable[[], Awaitable[bool]]) -> bool:
    """What the show returns; False where Ctrl-C or SIGTERM ended it."""
    content = False
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_on_signal, tasks.cancel_scope)
        content = await show()
        tasks.cancel_scope.cancel()
    return content


async def _stop_on_signal(scope: anyio.CancelScope) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for _ in signals:
            scope.cancel()
            return


async def _show_once(set_up: SetUp, screen: Screen, scenes: Sequence[Scene], patience: float) -> bool:
    async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
        screen.headlines = await _headlines(set_up, client, words=screen.words)
        rounds = Rounds(set_up=set_up, client=client, screen=screen, patience=patience)
        with screen.open():
            verdicts = await rounds.play(scenes)
    screen.summarise(verdicts)
    screen.say(_BALANCE, good=_good(verdicts), all=len(verdicts))
    in_vain = list(set_up.sim.not_simulated)
    for asked in in_vain:
        screen.say(_NOT_SIMULATED, asked=asked)
    return all(verdict.ok for verdict in verdicts) and not in_vain


async def _show_on_and_on(set_up: SetUp, screen: Screen, scenes: Sequence[Scene], patience: float) -> bool:
    """Never returns."""
    number = 0
    async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
        screen.headlines = [*await _headlines(set_up, client, words=screen.words), screen.words.gettext(_ENDS)]
        rounds = Rounds(set_up=set_up, client=client, screen=screen, pause=PAUSE, patience=patience)
        with screen.open():
            while True:
                number += 1
                verdicts = await rounds.play(scenes, number=number)
                for verdict in verdicts:
                    if not verdict.ok:
                        seen = "; ".join(verdict.seen.in_words(screen.words))
                        screen.say(_NOT_AS_EXPECTED, scene=screen.words.gettext(verdict.title), seen=seen)
                screen.say(_ROUND, number=number, good=_good(verdicts), all=len(verdicts), seconds=INTERVAL)
                await anyio.sleep(INTERVAL)


async def _headlines(set_up: SetUp, client: httpx.AsyncClient, *, words: Words) -> list[str]:
    """What can be looked at, where, and what there is."""
    shown = words.gettext("{version}: caller log, opened dialogs, people", version=set_up.sim.version.name)
    places = [
        (words.gettext("sidecar"), set_up.sidecar_url, "/readyz, /metrics"),
        (words.gettext("simulated Zammad"), set_up.zammad_url, shown),
    ]
    if (await client.get(f"{set_up.sidecar_url}/sidecar/")).status_code != httpx.codes.NOT_FOUND:
        url = f"{set_up.zammad_url}/sim/login?user=4"
        log_in = words.gettext("log in first: {url}", url=url)
        places.append((words.gettext("call page"), f"{set_up.sidecar_url}/sidecar/", log_in))
    width = max(len(name) for name, _, _ in places)
    return [f"{name:{width}} {url}  ({what})" for name, url, what in places]


def _good(verdicts: Sequence[Verdict]) -> int:
    return sum(verdict.ok for verdict in verdicts)
