"""What the demo shows: a live table on a terminal, plain lines elsewhere, and the summary at the end."""

from __future__ import annotations

import os
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
from sidecar.words.marks import N_
from sidecar.words.wording import Words

_WIDTH_OF_A_PIPE = 120
_ROOM = 6  # lines of the screen for everything but the table's rows
_COLUMNS = (  # with their shares of the width
    (N_("call"), 3),
    (N_("hook"), 4),
    (N_("answer"), 6),
    (N_("decision"), 4),
    ("Zammad", 5),
)
_TITLE = N_("What was expected, and what was seen")
_OK, _NOT_OK = N_("ok"), N_("NO")
_SUMMARY = (N_("scene"), N_("expected"), N_("seen"), _OK)


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
    title: str  # a message
    expected: Effects
    seen: Effects

    @property
    def ok(self) -> bool:
        return self.seen == self.expected


@dataclass(slots=True, kw_only=True)
class Screen:
    console: Console
    words: Words = field(default_factory=Words)
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

    def say(self, message: str, **values: object) -> None:
        self.status = self.words.gettext(message, **values)
        if self._live is None:
            self._print(self.status)

    def summarise(self, verdicts: Sequence[Verdict]) -> None:
        say = self.words.gettext
        table = Table(title=say(_TITLE), title_justify="left", show_lines=True)
        for column in _SUMMARY:
            table.add_column(say(column), overflow="fold")
        for verdict in verdicts:
            effects = ("\n".join(each.in_words(self.words)) for each in (verdict.expected, verdict.seen))
            mark = Text(say(_OK), style="green") if verdict.ok else Text(say(_NOT_OK), style="bold red")
            table.add_row(*map(Text, (say(verdict.title), *effects)), mark)
        self.console.print(table)

    def _print(self, text: str) -> None:
        self.console.print(Text(text), soft_wrap=True)

    def _table(self) -> RenderableType:
        table = Table(expand=True, header_style="bold")
        for name, share in _COLUMNS:
            table.add_column(self.words.gettext(name), ratio=share, overflow="fold")
        height = max(3, (self.console.height - _ROOM - len(self.headlines)) // 3)  # a row folds into three lines
        for line in list(self._lines)[-height:]:
            table.add_row(*map(Text, line.cells()))
        return Group(*map(Text, self.headlines), table, Text(self.status, style="dim"))


def console() -> Console:
    """A pipe is as wide as COLUMNS says, else wide enough to read."""
    asked = os.environ.get("COLUMNS", "")
    width = None if sys.stdout.isatty() or asked.isdecimal() else _WIDTH_OF_A_PIPE
    return Console(highlight=False, width=width)
