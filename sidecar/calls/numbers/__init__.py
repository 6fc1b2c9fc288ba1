"""Phone numbers: read, compared, spelled."""
