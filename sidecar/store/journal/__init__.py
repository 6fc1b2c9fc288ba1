"""Every hook as it came and how it was answered."""
