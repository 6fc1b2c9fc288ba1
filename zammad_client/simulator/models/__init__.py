"""What a Zammad knows and how it behaves, without HTTP: one module per kind of record."""
