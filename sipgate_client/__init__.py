"""Everything that knows sipgate's REST interface, and nothing of telephony rules. Nothing can be deleted through it."""
