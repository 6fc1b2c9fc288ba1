"""The list of calls, the story of each, and what can be taken along of them."""
