"""Zammad's own extraction written a second time, character by character, as the one in `sidecar.calls.recognition`."""

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


def _digits(run: str) -> str:
    compact = "".join(character for character in run if character not in BLANKS + "-")
    if compact[:2].isdigit() and compact[2:5] == "(0)":
        compact = compact[:2] + compact[5:]
    digits = "".join(character for character in compact if character.isdigit())
    if digits[:2] == "00":
        return digits[2:]
    if digits[:1] == "0":
        return "49" + digits[1:]
    return digits


def extraction(texts: list[str]) -> set[str]:
    return {_digits(run) for text in texts for run in _runs(text)} - {""}
