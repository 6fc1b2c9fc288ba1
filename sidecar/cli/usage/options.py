"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="The configuration; else SIDECAR_CONFIG, else ./config.yaml."),
]
AsJson = Annotated[bool, typer.Option("--json", metavar="", help="JSON Lines for machines: one object each.")]
DryRun = Annotated[bool, typer.Option("--dry-run", metavar="", help="Only show what would be done.")]
Utc = Annotated[bool, typer.Option("--utc", metavar="", help="Times in UTC instead of this machine's zone.")]
WithoutAsking = Annotated[bool, typer.Option("--yes", metavar="", help="Do it without asking.")]
Number = Annotated[str | None, typer.Option("--number", metavar="NUMBER", help="A phone number in any spelling.")]
UserId = Annotated[int | None, typer.Option("--user", metavar="ID", help="The id of a user in Zammad.")]
Newest = Annotated[int, typer.Option(min=1, help="How many of the newest.")]
