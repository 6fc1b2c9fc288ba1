"""What was read lately, kept for a while for everybody who sees the same."""
