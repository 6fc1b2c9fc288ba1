"""A simulated Zammad of several versions, held to the recordings by a contract test."""

from .seen import Opened, OpenedInDesktop, Seen, Write
from .state import Simulator
from .versions import NEWEST, VERSIONS

__all__ = ["NEWEST", "VERSIONS", "Opened", "OpenedInDesktop", "Seen", "Simulator", "Write"]
