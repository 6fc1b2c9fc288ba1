"""Calls: conversations, what Zammad is told of them, and the lists, searches and figures made of them."""
