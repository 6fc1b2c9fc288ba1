"""Numbers for leads."""
