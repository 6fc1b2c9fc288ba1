"""Call notes: the form on a story and on my card, and what was written."""
