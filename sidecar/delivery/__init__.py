"""The outbox on its way to Zammad: what is sent, what an answer means, and at which pace."""
