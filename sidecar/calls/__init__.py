"""Everything decidable about a call, as functions from values to values: no I/O, clock, randomness or logging."""
