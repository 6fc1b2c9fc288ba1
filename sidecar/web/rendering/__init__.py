"""How pages look: templates, their words, and the files that browsers keep."""
