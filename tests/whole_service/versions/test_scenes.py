"""Every scene on every Zammad that is simulated: the sidecar between a scripted phone and the simulated helpdesk."""

from __future__ import annotations

import io

import anyio
import httpx
import pytest
from rich.console import Console

from sidecar.demo.rounds import Rounds
from sidecar.demo.scenes import SCENES
from sidecar.demo.screen import Screen, Verdict
from sidecar.demo.set_up import SetUp, set_up_demo
from tests.matrix import Note, note_in_matrix
from tests.sentences import ENGLISH
from zammad_client.simulator import VERSIONS


async def played(set_up: SetUp) -> list[Verdict]:
    async with httpx.AsyncClient(trust_env=False, timeout=60.0) as client:
        screen = Screen(console=Console(file=io.StringIO()))
        return await Rounds(set_up=set_up, client=client, screen=screen).play(SCENES)


@pytest.mark.parametrize("version", list(VERSIONS))
def test_all_scenes_on_every_version(version: str, record_property: Note) -> None:
    with set_up_demo(port=0, zammad=version) as set_up:
        verdicts = anyio.run(played, set_up)
        asked_in_vain = list(set_up.sim.not_simulated)
    for verdict in verdicts:
        note_in_matrix(record_property, scene=verdict.title, version=version, ok=verdict.ok)
    assert [(each.title, each.seen.in_words(ENGLISH)) for each in verdicts if not each.ok] == []
    assert not asked_in_vain
