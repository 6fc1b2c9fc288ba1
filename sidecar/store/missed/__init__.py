"""The missed calls: entries that calls open and close, and that agents work through."""
