"""What admins have set in Zammad, as rules that hooks are decided from."""
