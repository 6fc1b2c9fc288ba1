"""Whatever is stored as a code has a word."""

from __future__ import annotations

import re

import pytest

from sidecar.calls.conversation.conversation import State
from sidecar.calls.identification import Certainty
from sidecar.calls.sipgate.events import Direction
from sidecar.hooks.signature import Signature
from sidecar.scripted_calls.scenarios import SCENARIOS
from sidecar.web.access.visitor import THEMES
from sidecar.web.admin.frame import SECTIONS
from sidecar.web.recent.periods import presets
from sidecar.words.terms import TERMS
from sidecar.words.wording import Words
from tests.places import ROOT

JOBS = re.findall(r'Job\(name="([^"]+)"', (ROOT / "sidecar" / "jobs.py").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("state", State),
        ("direction", Direction),
        ("certainty", Certainty),
        ("signature", [*Signature, "off"]),
        ("scenario", SCENARIOS),
        ("section", SECTIONS),
        ("days", [name for name, _ in presets(now=0.0, zone="UTC")]),
        ("theme", THEMES),
        ("job", JOBS),
    ],
)
def test_every_code_has_a_word(kind: str, codes: list[str]) -> None:
    assert [str(code) for code in codes] == list(TERMS[kind])


def test_what_a_newer_release_has_stored_is_shown_as_it_is() -> None:
    assert Words(language="de").term("state", "on hold") == "on hold"
