"""The doctor for the other side: what sipgate's own interface tells, and what is wrong with it."""
