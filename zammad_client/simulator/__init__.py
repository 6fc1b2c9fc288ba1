"""A simulated Zammad 5.2, held to the recordings by a contract test."""

from .cti import Opened
from .seen import Seen, Write
from .state import Simulator

__all__ = ["Opened", "Seen", "Simulator", "Write"]
