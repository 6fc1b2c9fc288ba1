"""What only the pages need: sessions, audit, and what open pages are told."""
