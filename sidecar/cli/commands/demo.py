"""`demo`: everything on one machine, nothing real."""

from __future__ import annotations

import signal
from enum import Enum
from typing import Annotated

import typer

from sidecar.demo.screen import console
from sidecar.demo.show import show_demo
from sidecar.logs import configure_logs
from zammad_client.simulator import NEWEST, VERSIONS

_ZammadVersion = Enum("_ZammadVersion", {name: name for name in VERSIONS})  # type: ignore[misc]  # of what is there
_NEWEST = _ZammadVersion(NEWEST)


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Play the script once; exit 0 only if all was seen.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The sidecar's; 0 takes a free one.")] = 8600,
    zammad: Annotated[_ZammadVersion, typer.Option(help="Which version of Zammad is simulated.")] = _NEWEST,
) -> None:
    """Show what the sidecar does, with a simulated Zammad and a scripted phone.

    Reads no configuration and touches no real system.

    - `sipgate-sidecar demo`
    - `sipgate-sidecar demo --once`
    - `sipgate-sidecar demo --zammad 5.2`
    """
    configure_logs(level="warning", form="console")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that it tidies up
    if not show_demo(once=once, port=port, console=console(), zammad=zammad.value):
        raise typer.Exit(1)
