"""What benchmarks of the running service share: processes on cores of their own, databases, and generators of load."""
