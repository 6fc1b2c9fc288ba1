"""The scenes: what must be among them, and that their hooks are such as sipgate sends."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from sidecar.calls.sipgate.events import Answered, CallEvent, Direction, HungUp, NewCall, read_hook
from sidecar.demo.company import JANE, MAX, NINA
from sidecar.demo.scenes import SCENES, Scene
from sidecar.scripted_calls.scenarios import SCENARIOS
from sidecar.scripted_calls.script import Script, Step, answered, call_ids, form_of, placed, to_voicemail, transferred

MUST_BE_SHOWN: dict[str, Callable[[Scene], bool]] = {
    "known caller with a recent ticket": lambda scene: "profile of" in str(scene.expected.opened),
    "known caller without": lambda scene: "ticket dialog of" in str(scene.expected.opened),
    "unknown caller": lambda scene: "empty ticket dialog" in str(scene.expected.opened),
    "blocked by wildcard": lambda scene: scene.expected.answer == "busy" and "*)" in str(scene.expected.rows),
    "anonymous": lambda scene: scene.script.caller == "anonymous",
    "outbound with a caller id": lambda scene: scene.expected.answer.startswith("dials"),
    "group call answered by the second": lambda scene: (
        scene.script.steps[0].users == (JANE, MAX) and scene.script.steps[1].users == (MAX,)
    ),
    "phone switch off": lambda scene: scene.script.steps[1].users == (NINA,) and not scene.expected.opened,
    "voicemail: missed, one row, no dialog": lambda scene: (
        scene.expected.rows == ("Clara Neumann → voicemail, missed",) and not scene.expected.opened
    ),
    "transfer: a dialog for the second": lambda scene: (
        len(scene.expected.opened) > 1 and scene.expected.opened[1].endswith("for Max Roe")
    ),
    "a slash-formatted number": lambda scene: "Otto Müller" in str(scene.expected.opened),
    "a company's main number": lambda scene: scene.expected.caller.startswith("organization: "),
    "a shared number, never certain": lambda scene: scene.expected.caller.startswith("several: "),
    "a missed call that is called back": lambda scene: "called back" in scene.expected.missed,
    "a missed call that becomes a ticket": lambda scene: scene.expected.ticket.endswith(", new"),
    "a ticket that is closed by calling back": lambda scene: scene.expected.ticket.endswith(", closed"),
    "blocked by the box in the form": lambda scene: bool(scene.blocks),
}


@pytest.mark.parametrize("kind", MUST_BE_SHOWN)
def test_the_demo_shows(kind: str) -> None:
    assert any(MUST_BE_SHOWN[kind](scene) for scene in SCENES)


def test_every_scene_has_a_title_of_its_own() -> None:
    assert len({scene.title for scene in SCENES}) == len(SCENES)


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
