"""Who is at the door of the pages, how they came in, and what they may see."""
