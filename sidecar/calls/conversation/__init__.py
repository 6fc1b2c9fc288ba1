"""One conversation out of its hooks, and what Zammad shall show of it."""
