"""The directory: people and organizations of Zammad with their numbers."""
