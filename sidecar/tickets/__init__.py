"""From call to ticket: what is written into Zammad about missed calls."""
