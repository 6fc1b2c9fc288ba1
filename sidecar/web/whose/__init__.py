"""Whose number is it: an unknown caller gets a name."""
