"""The scenes: what must be among them, and that their hooks are such as sipgate sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from sidecar.calls.identification import Certainty
from sidecar.calls.sipgate.events import Answered, CallEvent, Direction, HungUp, NewCall, read_hook
from sidecar.demo.company import JANE, MAX, NINA
from sidecar.demo.scenes import SCENES, Scene
from sidecar.scripted_calls.phone import BUSY, Act
from sidecar.scripted_calls.scenarios import SCENARIOS
from sidecar.scripted_calls.script import Script, Step, answered, call_ids, form_of, placed, to_voicemail, transferred
from tests.sentences import ENGLISH, GERMAN, english_in


def opened(scene: Scene) -> str:
    return "; ".join(each.in_words(ENGLISH) for each in scene.expected.opened)


def act(scene: Scene) -> Act | None:
    return scene.expected.order.act if scene.expected.order else None


def certainty(scene: Scene) -> Certainty | None:
    return scene.expected.caller.certainty if scene.expected.caller else None


def ticket_state(scene: Scene) -> str:
    return scene.expected.ticket.state if scene.expected.ticket else ""


MUST_BE_SHOWN: dict[str, Callable[[Scene], bool]] = {
    "known caller with a recent ticket": lambda scene: "profile of" in opened(scene),
    "known caller without": lambda scene: "ticket dialog of" in opened(scene),
    "unknown caller": lambda scene: "empty ticket dialog" in opened(scene),
    "blocked by wildcard": lambda scene: scene.expected.order == BUSY and "*)" in str(scene.expected.rows),
    "anonymous": lambda scene: scene.script.caller == "anonymous",
    "outbound with a caller id": lambda scene: (
        scene.expected.order is not None and scene.expected.order.act is Act.DIALS
    ),
    "group call answered by the second": lambda scene: (
        scene.script.steps[0].users == (JANE, MAX) and scene.script.steps[1].users == (MAX,)
    ),
    "phone switch off": lambda scene: scene.script.steps[1].users == (NINA,) and not scene.expected.opened,
    "voicemail: missed, one row, no dialog": lambda scene: (
        [each.callee for each in scene.expected.rows] == ["voicemail"] and not scene.expected.opened
    ),
    "transfer: a dialog for the second": lambda scene: (
        len(scene.expected.opened) > 1 and scene.expected.opened[1].agent == "Max Roe"
    ),
    "a slash-formatted number": lambda scene: "Otto Müller" in opened(scene),
    "a company's main number": lambda scene: certainty(scene) is Certainty.ORGANIZATION,
    "a shared number, never certain": lambda scene: certainty(scene) is Certainty.SEVERAL,
    "a missed call that is called back": lambda scene: scene.expected.missed is not None,
    "a missed call that becomes a ticket": lambda scene: ticket_state(scene) == "new",
    "a ticket that is closed by calling back": lambda scene: ticket_state(scene) == "closed",
    "blocked by the box in the form": lambda scene: bool(scene.blocks),
}


@pytest.mark.parametrize("kind", MUST_BE_SHOWN)
def test_the_demo_shows(kind: str) -> None:
    assert any(MUST_BE_SHOWN[kind](scene) for scene in SCENES)


def test_every_scene_has_a_title_of_its_own() -> None:
    assert len({scene.title for scene in SCENES}) == len(SCENES)


def test_every_scene_is_told_in_german() -> None:
    """What is written into Zammad stays as it stands there."""
    own = [replace(scene.expected, rows=(), ticket=None, note=None) for scene in SCENES]
    told = [
        *(GERMAN.gettext(scene.title) for scene in SCENES),
        *(line for each in own for line in each.in_words(GERMAN)),
    ]
    assert {line: english for line in told if (english := english_in(line))} == {}


def heard(script: Script) -> list[CallEvent]:
    events: list[CallEvent] = []
    for step in script.steps:
        body = urlencode(form_of(step, script, call="c1")).encode()
        event = read_hook(body, content_type=None, path_direction=Direction(script.direction))
        assert isinstance(event, NewCall | Answered | HungUp)
        events.append(event)
    return events


def inbound(*steps: Step) -> Script:
    return Script(direction="in", caller="49301234567", callee="493023125000", steps=steps)


def test_a_group_rings_with_parallel_lists() -> None:
    ring = heard(inbound(*answered(JANE, MAX, by=MAX)))[0]
    assert isinstance(ring, NewCall)
    assert (ring.users, ring.user_ids, ring.full_user_ids) == (
        ("Jane Doe", "Max Roe"),
        ("w0", "w1"),
        ("1234567w0", "1234567w1"),
    )
    assert (ring.call_id, ring.orig_call_id, ring.diversion) == ("c1-a", None, None)


def test_the_voicemail_is_a_second_leg_without_user_ids() -> None:
    _, forwarded, ring, pick_up, _ = heard(inbound(*to_voicemail(JANE)))
    assert isinstance(forwarded, HungUp)
    assert forwarded.cause == "forwarded"
    assert isinstance(ring, NewCall)
    assert (ring.call_id, ring.orig_call_id, ring.users, ring.user_ids) == ("c1-b", "c1-a", ("voicemail",), ())
    assert isinstance(pick_up, Answered)
    assert (pick_up.user, pick_up.user_id) == ("voicemail", None)


def test_after_a_transfer_the_first_leg_ends_first() -> None:
    script = inbound(*transferred(JANE, MAX))
    assert [event.call_id for event in heard(script)] == ["c1-a", "c1-a", "c1-b", "c1-b", "c1-a", "c1-b"]
    assert call_ids(script, "c1") == ("c1-a", "c1-b")


def test_outbound_nobody_says_who_answered() -> None:
    script = Script(direction="out", caller="493023125000", callee="41446681800", steps=placed(JANE))
    _, pick_up, _ = heard(script)
    assert isinstance(pick_up, Answered)
    assert (pick_up.direction, pick_up.user, pick_up.user_id) == (Direction.OUT, None, None)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_a_call_that_can_be_read(name: str) -> None:
    assert isinstance(heard(SCENARIOS[name].script(outside="49301234567", first=JANE, second=MAX))[0], NewCall)
