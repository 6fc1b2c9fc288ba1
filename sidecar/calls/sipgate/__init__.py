"""What sipgate says and is told: forms, events, answers."""
