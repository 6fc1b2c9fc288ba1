"""The wallboard: for people who are signed in, and for televisions that nobody is signed in at."""
