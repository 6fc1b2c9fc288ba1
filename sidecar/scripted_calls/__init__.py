"""Calls as sipgate would send them, by script: for `simulate`, the admin page and the demo."""
