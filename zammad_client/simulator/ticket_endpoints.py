"""Tickets, articles and tags over REST (reference section 6)."""

ENDPOINTS = ()
