"""Callback tickets as they stand: calls that belong to one, steps that may have been taken in Zammad."""
