"""What `check` finds: the fact, why it matters and what to do, by the part of it that looks."""
