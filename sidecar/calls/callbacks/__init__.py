"""Callback tickets: whose missed calls become one, of which group, and what happens to it next."""
