"""What a proxy in front of the sidecar does to requests, and what it has to be told, in its own words."""
