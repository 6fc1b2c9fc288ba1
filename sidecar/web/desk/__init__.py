"""The desk of whoever looks: their calls now, and who of the others is free."""
