"""What `check` looks at: one module per subject; each says what it found, why that matters and what to do."""
