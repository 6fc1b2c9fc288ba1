"""Zammad's own extraction written a second time, character by character, beside the one in `recognition`."""

from __future__ import annotations

BLANKS = " \t\r\n\f\v"
RUN = set("0123456789-(|)" + BLANKS)


def _runs(text: str) -> list[str]:
    runs, run = [], ""
    for character in text + "\0":
        if character in RUN:
            run += character
        if run and (character not in RUN or len(run) == 26):
            runs.append(run)
            run = ""
    return [run for run in runs if len(run) >= 6]


def _without_first_zero_in_brackets(compact: str) -> str:
    """Of brackets that hold digits alone and stand right behind two digits, which may follow `00`."""
    head, bracket, rest = compact.partition("(")
    inside, closing, after = rest.partition(")")
    behind_country = len(head) == 2 or (len(head) == 4 and head.startswith("00"))
    if not (bracket and closing and behind_country and head.isdigit() and (inside.isdigit() or not inside)):
        return compact
    return head + inside.removeprefix("0") + after


def _digits(run: str) -> str:
    compact = "".join(character for character in run if character not in BLANKS + "-")
    digits = "".join(character for character in _without_first_zero_in_brackets(compact) if character.isdigit())
    if digits[:2] == "00":
        return digits[2:]
    if digits[:1] == "0":
        return "49" + digits[1:]
    return digits


def extraction(texts: list[str]) -> set[str]:
    return {_digits(run) for text in texts for run in _runs(text)} - {""}
