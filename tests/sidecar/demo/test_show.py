"""The demo's judgement: what is missing is noticed, and named."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import anyio
import httpx
from rich.console import Console

from sidecar.demo.rounds import Rounds
from sidecar.demo.scenes import SCENES, Scene
from sidecar.demo.screen import Screen
from sidecar.demo.set_up import set_up_demo
from sidecar.demo.show import show_demo
from tests.sentences import ENGLISH, GERMAN, english_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sidecar.words.wording import Words
    from zammad_client.simulator import Simulator

KNOWN, TICKED = SCENES[0], next(scene for scene in SCENES if scene.blocks)


def shown(
    scenes: Sequence[Scene], spoil: Callable[[Simulator], None] = lambda _sim: None, *, words: Words = ENGLISH
) -> tuple[bool, str]:
    """Whether the demo was content, and what it said."""
    written = io.StringIO()
    console = Console(file=written, width=200)
    content = show_demo(once=True, port=0, console=console, words=words, scenes=scenes, spoil=spoil, patience=1.0)
    return content, written.getvalue()


def test_a_dialog_that_does_not_open_is_noticed() -> None:
    def switch_off_the_phone(sim: Simulator) -> None:
        sim.change_user(4, preferences={"cti": False})

    content, said = shown([KNOWN], switch_off_the_phone)
    assert not content
    assert "opens: nothing" in said
    assert "0 of 1 scenes as expected" in said


def test_a_caller_log_that_hears_of_nothing_is_noticed() -> None:
    content, said = shown([KNOWN], lambda sim: sim.faults.fail(503, path="/api/v1/cti/"))
    assert not content
    assert "log: no row" in said


def test_a_blocked_customer_that_gets_through_is_noticed() -> None:
    content, said = shown([TICKED], lambda sim: sim.faults.fail(503, path="/api/v1/users/search"))
    assert not content
    assert "phone: rings" in said


def test_a_request_the_simulator_does_not_know_is_noticed() -> None:
    content, said = shown([KNOWN], lambda sim: sim.not_simulated.append("GET /api/v1/unknown"))
    assert not content
    assert "asked for, but not simulated: GET /api/v1/unknown" in said


def test_a_german_is_shown_all_of_it_in_german() -> None:
    content, said = shown([KNOWN], words=GERMAN)
    assert content
    assert "1 von 1 Szenen wie erwartet" in said
    answers_of_the_sidecar = r"<.*?>"
    lines = [re.sub(answers_of_the_sidecar, "", line) for line in said.splitlines()]
    assert {line: english for line in lines if (english := english_in(line))} == {}


def test_a_second_round_is_as_good_as_the_first() -> None:
    async def two_rounds() -> list[bool]:
        screen = Screen(console=Console(file=io.StringIO()))
        async with httpx.AsyncClient(trust_env=False) as client:
            rounds = Rounds(set_up=set_up, client=client, screen=screen)
            verdicts = [each for number in (1, 2) for each in await rounds.play([KNOWN, TICKED], number=number)]
        return [verdict.ok for verdict in verdicts]

    with set_up_demo(port=0) as set_up:
        assert anyio.run(two_rounds) == [True] * 4
