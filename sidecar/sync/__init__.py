"""From Zammad to the rules and the directory, and the repair of Zammad's own recognition."""
