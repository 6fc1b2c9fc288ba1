"""One way to ask somebody over HTTP: with a deadline, repeated only where that is safe, never more than memory bears.

Knows nobody in particular: whoever is asked is a `Party`, with errors of its own.
"""
