"""Wrong usage in plain words and the reader's language: typer tells of it in English, in part in pydantic's words."""

from __future__ import annotations

import re
from collections.abc import Callable

from sidecar.words.marks import N_

_SAID: tuple[tuple[str, str], ...] = (
    (r"No such command '(?P<name>.*?)'\. Did you mean (?P<meant>.*)\?", N_("no command {name}; did you mean {meant}?")),
    (r"No such command '(?P<name>.*?)'.*", N_("no command {name}")),
    (
        r"No such option: (?P<name>\S+)(?: \(Possible options: | Did you mean )(?P<meant>.*?)[?)]",
        N_("no option {name}; did you mean {meant}?"),
    ),
    (r"No such option: (?P<name>\S+).*", N_("no option {name}")),
    (r"Missing command\.", N_("a command is missing")),
    (r"Missing (?:argument|option) '(?P<name>.*?)'.*", N_("{name} is missing")),
    (r"Got unexpected extra arguments?(?:\(s\))? \((?P<name>.*)\)", N_("too much: {name}")),
    (r"Option '(?P<name>.*?)' requires an argument\.?", N_("{name} needs a value behind it")),
    (r"Option '(?P<name>.*?)' does not take a value\.?", N_("{name} takes no value")),
    (r"Invalid value: (?P<said>.*)", "{said}"),
    (r"Invalid value for '(?P<name>.*?)': .*valid (?:integer|number).*", N_("{name}: must be a whole number")),
    (
        r"Invalid value for '(?P<name>.*?)': .*greater than or equal to (?P<than>.*)",
        N_("{name}: must be at least {than}"),
    ),
    (r"Invalid value for '(?P<name>.*?)': .*less than or equal to (?P<than>.*)", N_("{name}: must be at most {than}")),
    (r"Invalid value for '(?P<name>.*?)': .*is not one of (?P<known>.*?)\.?", N_("{name}: must be one of {known}")),
    (
        r"Invalid value for '(?P<name>.*?)': file '(?P<file>.*)' does not exist\.?",
        N_("{name}: there is no file {file}"),
    ),
    (r"Invalid value for '(?P<name>.*?)': file '(?P<file>.*)' is a directory\.?", N_("{name}: {file} is a directory")),
    (r"Invalid value for '(?P<name>.*?)': (?P<said>.*)", "{name}: {said}"),
)


def wrong_usage(message: str, gettext: Callable[..., str]) -> str:
    """What typer has said; as it stands where nobody has met it yet."""
    for pattern, said in _SAID:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return gettext(said, **found.groupdict())
    return message
