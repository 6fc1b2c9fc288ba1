"""In whose words a command speaks: people's, by the environment; what machines read is always English."""

from __future__ import annotations

import os
from collections.abc import Mapping

from sidecar.calls.reasons import Reason, as_json
from sidecar.words.languages import language_of_environment
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words

FOR_MACHINES = Words()


def words_for(*, machines: bool = False) -> Words:
    """`machines`: with `--json`."""
    return FOR_MACHINES if machines else Words(language=language_of_environment(os.environ))


def labelled(record: Mapping[str, object], words: Words) -> Mapping[str, object]:
    """The same values with their names in words."""
    return {words.term("column", name): value for name, value in record.items()}


def said(reason: Reason | None, words: Words) -> str | None:
    return None if reason is None else sentence(reason, words)


def coded(reason: Reason | None) -> object:
    """What the sentence is made of, for machines."""
    return None if reason is None else as_json(reason)
