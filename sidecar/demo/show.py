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
from zammad_client.simulator import NEWEST, Simulator

PAUSE = 0.5  # seconds between hooks where people watch
INTERVAL = 20  # seconds between rounds
_TIMEOUT = 10.0  # sipgate's own patience (docs/reference/sipgate.md section 3)


def show_demo(
    *,
    once: bool,
    port: int,
    console: Console,
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
        screen = Screen(console=console)
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
        screen.headlines = await _headlines(set_up, client)
        rounds = Rounds(set_up=set_up, client=client, screen=screen, patience=patience)
        with screen.open():
            verdicts = await rounds.play(scenes)
    screen.summarise(verdicts)
    screen.say(_balance(verdicts))
    in_vain = list(set_up.sim.not_simulated)
    for asked in in_vain:
        screen.say(f"asked for, but not simulated: {asked}")
    return all(verdict.ok for verdict in verdicts) and not in_vain


async def _show_on_and_on(set_up: SetUp, screen: Screen, scenes: Sequence[Scene], patience: float) -> bool:
    """Never returns."""
    number = 0
    async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
        screen.headlines = [*await _headlines(set_up, client), "Ctrl-C ends it."]
        rounds = Rounds(set_up=set_up, client=client, screen=screen, pause=PAUSE, patience=patience)
        with screen.open():
            while True:
                number += 1
                verdicts = await rounds.play(scenes, number=number)
                for verdict in verdicts:
                    if not verdict.ok:
                        screen.say(f"not as expected: {verdict.title}: {'; '.join(verdict.seen.in_words())}")
                screen.say(f"round {number}: {_balance(verdicts)}; the next one begins in {INTERVAL} s")
                await anyio.sleep(INTERVAL)


async def _headlines(set_up: SetUp, client: httpx.AsyncClient) -> list[str]:
    log_in = f"{set_up.zammad_url}/sim/login?user=4"
    lines = [
        f"sidecar          {set_up.sidecar_url}  (/readyz, /metrics)",
        f"simulated Zammad {set_up.zammad_url}  ({set_up.sim.version.name}: caller log, opened dialogs, people)",
    ]
    if (await client.get(f"{set_up.sidecar_url}/sidecar/")).status_code != httpx.codes.NOT_FOUND:
        lines.append(f"call page        {set_up.sidecar_url}/sidecar/  (log in first: {log_in})")
    return lines


def _balance(verdicts: Sequence[Verdict]) -> str:
    return f"{sum(verdict.ok for verdict in verdicts)} of {len(verdicts)} scenes as expected"
