"""Commands are where the list says, and are what it says."""

from __future__ import annotations

import pytest

from sidecar.cli.commands import COMMANDS, load_command


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_its_help_begins_with(name: str) -> None:
    _, words = COMMANDS[name]
    assert load_command(name).help.partition("\n")[0] == words
