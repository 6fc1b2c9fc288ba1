"""`demo`, `serve` and `simulate`: something runs, and hooks come in."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sidecar.cli.usage import done_by
from sidecar.cli.usage.options import ConfigFile
from sidecar.scripted_calls.scenarios import SCENARIOS

_LISTED = "; ".join(f"{name}: {scenario.what}" for name, scenario in SCENARIOS.items())


class ZammadVersion(StrEnum):
    """As the simulator has them, which takes long to import."""

    V5_2 = "5.2"
    V5_5 = "5.5"
    V6_5 = "6.5"
    V7_1 = "7.1"
    V7_3 = "7.3"


@done_by("demo:demo")
def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", metavar="", help="Play the script once; exit 0 only if all was seen.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The sidecar's; 0 takes a free one.")] = 8600,
    zammad: Annotated[ZammadVersion, typer.Option(help="Which version of Zammad is simulated.")] = ZammadVersion.V7_3,
) -> None:
    """Show what the sidecar does, with a simulated Zammad and a scripted phone.

    Reads no configuration and touches no real system.

    - `sipgate-sidecar demo`
    - `sipgate-sidecar demo --once`
    - `sipgate-sidecar demo --zammad 5.2`
    """


@done_by("serve:serve")
def serve(config: ConfigFile = None) -> None:
    """Answer sipgate's hooks and do everything they cause in Zammad, until SIGTERM.

    Starts and answers the phone even while Zammad is down, or the database.

    - `sipgate-sidecar serve --config /etc/sipgate-sidecar/config.yaml`
    """


@done_by("simulate:simulate")
def simulate(
    *,
    config: ConfigFile = None,
    scenario: Annotated[str, typer.Option(metavar="NAME", help=_LISTED)] = "simple",
    to: Annotated[str | None, typer.Option(metavar="URL", help="The sidecar; else the configured address.")] = None,
    outside: Annotated[
        str | None, typer.Option("--from", metavar="NUMBER", help="Who calls, or who is called (outbound).")
    ] = None,
    agent: Annotated[str | None, typer.Option(metavar="ID", help="The agent's sipgate id, like w0.")] = None,
    second_agent: Annotated[str | None, typer.Option(metavar="ID", help="The other agent's.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", metavar="", help="Do not ask, even if the Zammad is a real one.")
    ] = False,
) -> None:
    """Play a scripted call against a running sidecar, as sipgate would, and show what came of it.

    Its callIds begin with `sidecar-test-`; in a real Zammad it leaves a row in the caller log and opens dialogs.

    - `sipgate-sidecar simulate`
    - `sipgate-sidecar simulate --scenario transfer --agent w0 --second-agent w3 --from "+49 30 1234567"`
    """
