"""`demo`: everything on one machine, nothing real."""

from __future__ import annotations

import signal

import typer

from sidecar.cli.language import words_for
from sidecar.cli.usage.service import ZammadVersion
from sidecar.demo.screen import console
from sidecar.demo.show import show_demo
from sidecar.logs import configure_logs


def demo(*, once: bool, port: int, zammad: ZammadVersion) -> None:
    configure_logs(level="warning", form="console")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that it tidies up
    if not show_demo(once=once, port=port, console=console(), words=words_for(), zammad=zammad.value):
        raise typer.Exit(1)
