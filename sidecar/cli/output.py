"""How commands print: tables for eyes, JSON Lines for machines; what strangers sent cannot steer the terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sidecar.words.wording import Words

_WIDTH_OF_A_PIPE = 200
_WIDEST = 20  # signs of a value in a row of several: a time
_INDENT = 4


def print_json_lines(records: Iterable[Mapping[str, object]]) -> None:
    for record in records:
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def print_table(columns: Sequence[str], records: Iterable[Mapping[str, object]]) -> None:
    """One row each; long values are folded, never cut."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for record in records:
        table.add_row(*(_shown(record[column]) for column in columns))
    _print_flush(table)


def print_rows(columns: Sequence[str], rows: Sequence[tuple[Sequence[object], Sequence[str]]]) -> None:
    """For each row its values in columns, and indented below them what takes whole sentences; long values are cut."""
    heads = [columns, *(values for values, _ in rows)]
    texts = [[_cut(_shown(value).plain) for value in values] for values in heads]
    widths = [max(map(cell_len, column)) for column in zip(*texts, strict=True)]
    console = _console()
    for place, values in enumerate(texts):
        line = "  ".join(set_cell_size(value, width) for value, width in zip(values, widths, strict=True)).rstrip()
        console.print(Text(line, style="bold" if place == 0 else ""), soft_wrap=True)
        for sentence in rows[place - 1][1] if place else ():
            for each in _shown(sentence).wrap(console, console.width - _INDENT):
                console.print(Text(" " * _INDENT + each.plain.rstrip()), soft_wrap=True)


def _cut(text: str) -> str:
    on_one_line = text.replace("\n", " ")
    if cell_len(on_one_line) <= _WIDEST:
        return on_one_line
    return set_cell_size(on_one_line, _WIDEST - 1).rstrip() + "…"


def print_fields(record: Mapping[str, object]) -> None:
    """One value a line, its name before it."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in record.items():
        table.add_row(name, _shown(value))
    _print_flush(table)


def instant(seconds: float) -> str:
    """UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(seconds: float, words: Words) -> str:
    """For people, to the second, in their zone: 2026-11-28 16:05:13; UTC is marked."""
    return words.moment(seconds).strftime("%Y-%m-%d %H:%M:%S") + ("Z" if words.zone == "UTC" else "")


def _print_flush(table: Table) -> None:
    """Into a file without the blanks that make all lines as long as the longest."""
    console = _console()
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _console() -> Console:
    """A pipe is as wide as COLUMNS says, else wide enough for most lines."""
    asked = os.environ.get("COLUMNS", "")
    return Console() if sys.stdout.isatty() or asked.isdecimal() else Console(width=_WIDTH_OF_A_PIPE)


def _shown(value: object) -> Text:
    text = "" if value is None else str(value)
    return Text("".join(sign if sign.isprintable() or sign == "\n" else repr(sign)[1:-1] for sign in text))
