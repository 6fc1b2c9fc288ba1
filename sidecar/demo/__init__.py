"""A scripted phone, a simulated Zammad and the sidecar between them: for people to watch and for tests to judge."""
