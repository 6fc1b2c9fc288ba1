"""The permissions in Zammad that count on the pages."""

AGENT = "cti.agent"
ADMIN = "admin.integration"
