"""A simulated Zammad 5.2, held to the recordings by a contract test."""

from .seen import Opened, Seen, Write
from .state import Simulator

__all__ = ["Opened", "Seen", "Simulator", "Write"]
