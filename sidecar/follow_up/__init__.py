"""After the answer: hooks of the journal become conversations, callers get names, Zammad gets work."""
