"""Texts in which Zammad finds no telephone number (docs/reference/zammad.md section 2.1).

In the first article of a ticket it takes six or more of digits, blanks, hyphens and brackets in a row for a caller's
number, and shows whoever calls from there next as "maybe" the author.
"""

from __future__ import annotations

import re

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
NO_BREAK_HYPHEN = "\N{NON-BREAKING HYPHEN}"
WORD_JOINER = "\N{WORD JOINER}"  # nothing to be seen
SHORTEST = 6
GROUP = 3  # digits that stay together
_RUN = re.compile(rf"[\d\s\-(|)]{{{SHORTEST},}}", re.ASCII)
_DIGITS = re.compile(rf"[0-9]{{{SHORTEST},}}")
_OTHERWISE = str.maketrans(
    {
        **dict.fromkeys(" \t\r\f\v", NO_BREAK_SPACE),
        **{sign: f"{WORD_JOINER}{sign}{WORD_JOINER}" for sign in "(|)"},
        "-": NO_BREAK_HYPHEN,
        "\n": f"{NO_BREAK_SPACE}\n{NO_BREAK_SPACE}",
    }
)


def unlike_numbers(text: str) -> str:
    """The same for people: blanks between digits are no-break spaces, and long numbers are in groups."""
    return _RUN.sub(lambda run: _apart(run.group()), text)


def unlike_numbers_in_address(url: str) -> str:
    """An address that leads to the same place: some digits of long ids are percent-encoded."""
    return _DIGITS.sub(lambda digits: "".join(_encoded(digits.group())), url)


def _apart(run: str) -> str:
    if not any(sign.isdigit() for sign in run):
        return run
    return _DIGITS.sub(lambda digits: NO_BREAK_SPACE.join(_groups(digits.group())), run).translate(_OTHERWISE)


def _groups(digits: str) -> list[str]:
    """Of three, the last one of up to five."""
    whole = max(1, len(digits) // GROUP)
    starts = range(0, whole * GROUP, GROUP)
    return [digits[start : start + GROUP] if start + GROUP < whole * GROUP else digits[start:] for start in starts]


def _encoded(digits: str) -> list[str]:
    return [f"%{ord(sign):02X}" if place % 4 == GROUP else sign for place, sign in enumerate(digits)]
