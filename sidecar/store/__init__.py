"""The door to the database: what is kept, how it is written, and how its schema changes."""
