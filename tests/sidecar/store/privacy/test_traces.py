"""What a row says about somebody, however it is written there."""

from __future__ import annotations

import re

import pytest

from sidecar.calls.identification import Recognised
from sidecar.calls.reasons import as_json, as_text, because, reason_in
from sidecar.calls.rules.block_list import Blocked
from sidecar.store.privacy.traces import HIDDEN, scrubbed, text_of

OTTO = 'Otto "Ott" Normal'
BY_NAME = re.compile(re.escape(OTTO))
MOBILE = because(Recognised.MOBILE, name=OTTO)
SEVERAL = because(Recognised.SEVERAL, candidates=(MOBILE, because(Recognised.PHONE, name="Erika")))


@pytest.mark.parametrize("kept", [as_text(MOBILE), as_text(SEVERAL), as_json(SEVERAL), [as_json(MOBILE)], f"of {OTTO}"])
def test_a_name_is_found_in_a_reason_as_it_is_written_in_zammad(kept: object) -> None:
    assert BY_NAME.search(text_of({"identified_as": kept}))


def test_how_a_reason_is_kept_is_nothing_it_says() -> None:
    assert text_of({"decision": as_text(because(Blocked.ROW, number="4989*"))}) == "4989*"


def test_a_reason_stays_one_when_a_name_is_taken_out_of_it() -> None:
    hidden = because(
        Recognised.SEVERAL,
        candidates=(because(Recognised.MOBILE, name=HIDDEN), because(Recognised.PHONE, name="Erika")),
    )
    assert reason_in(scrubbed(as_text(SEVERAL), BY_NAME)) == hidden
    assert scrubbed(as_text(SEVERAL), re.compile("Ada")) == as_text(SEVERAL), "nothing else has changed"


def test_names_are_taken_out_of_the_words_of_older_releases() -> None:
    assert scrubbed(f"mobile of {OTTO}", BY_NAME) == f"mobile of {HIDDEN}"
