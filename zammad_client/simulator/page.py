"""What an agent would see, for people watching the demo."""

ENDPOINTS = ()
