"""Calling with a click: the page that asks before it dials, and what became of it."""
