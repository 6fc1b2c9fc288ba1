"""The missed calls: looked at, and worked through."""
