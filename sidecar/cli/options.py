"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sidecar.config import Settings, load

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="The configuration; else SIDECAR_CONFIG, else ./config.yaml."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON Lines for machines: one object each.")]


def settings_from(config: Path | None) -> Settings:
    """The settings of this process.

    Raises:
        ConfigurationError: one line that names the key.

    """
    return load(config, os.environ)
