"""Numbers for leads, and the wallboard."""
