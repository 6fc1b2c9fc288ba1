"""What is done with sipgate's own interface, where there is a token for it."""
