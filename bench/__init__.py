"""Benchmarks: each module's `main()` prints a table and keeps its numbers under bench/results."""
