"""A sidecar that does the telephony of a Zammad helpdesk with sipgate."""

__version__ = "0.1.0"
