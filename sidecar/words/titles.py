"""What Zammad puts behind "Call from" in the title of a new ticket (docs/reference/zammad.md section 1.1)."""

from __future__ import annotations

from sidecar.calls.numbers.numbers import WITHHELD
from sidecar.words.formats import number_as_read
from sidecar.words.wording import Words

LONGEST = 120  # characters


def caller_in_title(caller: str, digits: str | None, name: str | None, words: Words) -> str:
    """One line. `caller` as Zammad's log has it; `digits` of E.164, None for what is no telephone number."""
    if digits is None:
        withheld = caller.strip().casefold() in {"", WITHHELD}
        return words.gettext("a withheld number") if withheld else words.gettext("an unknown number")
    number = number_as_read(digits)
    return f"{_shortened(name, LONGEST - len(number) - 3)} ({number})" if name else number


def _shortened(name: str, longest: int) -> str:
    line = " ".join("".join(each if each.isprintable() else " " for each in name).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
