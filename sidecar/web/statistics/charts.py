"""Bars of a chart as numbers for the template: everything in units of the drawing, nothing styled here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.calls.pages.statistics import Figures

WIDTH, HEIGHT = 720.0, 200.0  # of the drawing, labels aside
STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)  # between two lines, times a power of ten
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Answered below, missed above it."""

    label: str
    shown: bool  # whether there is room for the label
    figures: Figures
    x: float
    width: float
    answered_y: float
    answered_height: float
    missed_y: float
    missed_height: float
    other_y: float
    other_height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareBar:
    """`share`: None where there is nothing to have a share of."""

    label: str
    shown: bool
    share: float | None
    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareChart:
    bars: tuple[ShareBar, ...]
    lines: tuple[tuple[float, float], ...]  # y and share of the horizontal lines
    target_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, int], ...]  # y and number of the horizontal lines


def bar_chart(columns: Sequence[tuple[str, Figures]], *, most_labels: int = 12) -> Chart:
    """Offered calls in columns: answered, missed, and the rest that is neither (yet)."""
    top = _rounded_up(max((figures.offered for _, figures in columns), default=0))
    slot = WIDTH / max(len(columns), 1)
    every = _labels_every(len(columns), most_labels)
    bars = tuple(
        _bar(label, figures, position * slot, slot, top, shown=position % every == 0)
        for position, (label, figures) in enumerate(columns)
    )
    return Chart(bars=bars, lines=tuple((_y(number, top), number) for number in _marks(top)))


def service_chart(columns: Sequence[tuple[str, Figures]], target: float, *, most_labels: int = 12) -> ShareChart:
    """The service level in columns, and the line it should reach."""
    slot = WIDTH / max(len(columns), 1)
    every = _labels_every(len(columns), most_labels)
    bars = tuple(
        ShareBar(
            label=label,
            shown=position % every == 0,
            share=figures.service_level,
            x=round(position * slot + slot * 0.15, 1),
            width=round(slot * 0.7, 1),
            y=_y(figures.service_level or 0.0, 1),
            height=_height(figures.service_level or 0.0, 1),
        )
        for position, (label, figures) in enumerate(columns)
    )
    return ShareChart(bars=bars, lines=tuple((_y(share, 1), share) for share in QUARTERS), target_y=_y(target, 1))


def _labels_every(columns: int, most_labels: int) -> int:
    return -(-columns // most_labels) or 1


def _bar(label: str, figures: Figures, x: float, slot: float, top: int, *, shown: bool) -> Bar:
    other = figures.offered - figures.answered - figures.missed
    answered, with_missed = figures.answered, figures.answered + figures.missed
    return Bar(
        label=label,
        shown=shown,
        figures=figures,
        x=round(x + slot * 0.15, 1),
        width=round(slot * 0.7, 1),
        answered_y=_y(answered, top),
        answered_height=_height(answered, top),
        missed_y=_y(with_missed, top),
        missed_height=_height(figures.missed, top),
        other_y=_y(figures.offered, top),
        other_height=_height(other, top),
    )


def _y(number: float, top: int) -> float:
    return round(HEIGHT - HEIGHT * number / top, 1)


def _height(number: float, top: int) -> float:
    return round(HEIGHT * number / top, 1)


def _rounded_up(most: int) -> int:
    """The next of 4, 8, 12, 16, 20, 24, 32, 40, 60…: four equal steps fit, each a whole number."""
    unit = 1
    while True:
        for step in STEPS:
            whole = step * unit
            if whole.is_integer() and most <= 4 * whole:
                return int(4 * whole)
        unit *= 10


def _marks(top: int) -> list[int]:
    return [int(top * quarter) for quarter in QUARTERS]
