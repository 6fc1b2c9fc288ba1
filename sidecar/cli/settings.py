"""The settings that a command works with."""

from __future__ import annotations

import os
from pathlib import Path

from sidecar.config import Settings, load


def settings_from(config: Path | None) -> Settings:
    """Of this process.

    Raises:
        ConfigurationError: one line that names the key.

    """
    return load(config, os.environ)
