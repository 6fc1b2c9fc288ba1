"""Connections to either database: how each is prepared, used by one thread after the other, and given up in time."""
