"""What can go wrong in the sidecar itself.

SidecarError
├── ConfigurationError   the configuration names something impossible: exit 2, a line for each fault, the key named
└── StoreError           the database cannot be used
"""

from __future__ import annotations

from sidecar.calls.reasons import Reason, as_written


class SidecarError(Exception):
    """Root of the tree. `reason` is for people; as a text it is English."""

    def __init__(self, reason: Reason | str = "") -> None:
        super().__init__(reason)
        self.reason = as_written(reason) if isinstance(reason, str) else reason

    def __str__(self) -> str:
        from sidecar.words.sentences import sentence  # noqa: PLC0415 - only where somebody reads it: slow to import
        from sidecar.words.wording import Words  # noqa: PLC0415 - as above

        return sentence(self.reason, Words())


class ConfigurationError(SidecarError):
    """The message names the key, with a line for each fault."""


class StoreError(SidecarError):
    """The database cannot be used; nothing was half written."""
