"""Calls as people look at them: lists, searches, figures, missed calls."""
