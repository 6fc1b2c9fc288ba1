"""What can go wrong in the sidecar itself.

SidecarError
├── ConfigurationError   the configuration names something impossible: exit 2, one line, the key named
└── StoreError           the database cannot be used, with the reason in words
"""


class SidecarError(Exception):
    """Root of the tree."""


class ConfigurationError(SidecarError):
    """The message is one line and names the key."""


class StoreError(SidecarError):
    """The database cannot be used; nothing was half written."""
