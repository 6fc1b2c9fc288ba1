"""Showing, erasing and forgetting what is kept about people."""
