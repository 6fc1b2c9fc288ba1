"""Everything that knows the REST interface of Zammad, and nothing of telephony rules."""
