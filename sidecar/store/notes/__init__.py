"""Call notes: what agents write about a call, on its way into a ticket."""
