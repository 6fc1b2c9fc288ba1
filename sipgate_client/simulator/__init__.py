"""A simulated sipgate account of either kind, with composed bodies: nothing here was seen on a real one."""

from .state import SimulatedSipgate

__all__ = ["SimulatedSipgate"]
