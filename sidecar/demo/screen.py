"""What the demo shows: a live table on a terminal, plain lines elsewhere, and the summary at the end."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from sidecar.demo.effects import Effects

_WIDTH_OF_A_PIPE = 160
_ROOM = 6  # lines of the screen for everything but the table's rows
_COLUMNS = (("call", 3), ("hook", 4), ("answer", 6), ("decision", 4), ("Zammad", 5))  # with their shares of the width


@dataclass(slots=True, kw_only=True)
class Line:
    """One hook. It is complete once `zammad` is known."""

    scene: str
    hook: str
    answer: str
    decision: str = ""
    zammad: str = ""

    def cells(self) -> tuple[str, ...]:
        return (self.scene, self.hook, self.answer, self.decision or "…", self.zammad or "…")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    title: str
    expected: Effects
    seen: Effects

    @property
    def ok(self) -> bool:
        return self.seen == self.expected


@dataclass(slots=True, kw_only=True)
class Screen:
    console: Console
    headlines: Sequence[str] = ()
    status: str = ""
    _lines: deque[Line] = field(default_factory=lambda: deque(maxlen=100))
    _live: Live | None = None

    @contextmanager
    def open(self) -> Iterator[None]:
        """The table stays up to date while the block runs."""
        if not self.console.is_terminal:
            for headline in self.headlines:
                self._print(headline)
            yield
            return
        with Live(get_renderable=self._table, console=self.console, refresh_per_second=8) as self._live:
            yield
        self._live = None

    def add(self, line: Line) -> None:
        self._lines.append(line)

    def completed(self, line: Line) -> None:
        if self._live is None:
            self._print(" | ".join(line.cells()))

    def say(self, status: str) -> None:
        self.status = status
        if self._live is None:
            self._print(status)

    def summarise(self, verdicts: Sequence[Verdict]) -> None:
        table = Table(title="What was expected, and what was seen", title_justify="left", show_lines=True)
        for column in ("scene", "expected", "seen", "ok"):
            table.add_column(column, overflow="fold")
        for verdict in verdicts:
            cells = (verdict.title, *("\n".join(each.in_words()) for each in (verdict.expected, verdict.seen)))
            mark = Text("ok", style="green") if verdict.ok else Text("NO", style="bold red")
            table.add_row(*map(Text, cells), mark)
        self.console.print(table)

    def _print(self, text: str) -> None:
        self.console.print(Text(text), soft_wrap=True)

    def _table(self) -> RenderableType:
        table = Table(expand=True, header_style="bold")
        for name, share in _COLUMNS:
            table.add_column(name, ratio=share, overflow="fold")
        height = max(3, (self.console.height - _ROOM - len(self.headlines)) // 3)  # a row folds into three lines
        for line in list(self._lines)[-height:]:
            table.add_row(*map(Text, line.cells()))
        return Group(*map(Text, self.headlines), table, Text(self.status, style="dim"))


def console() -> Console:
    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=_WIDTH_OF_A_PIPE)
