"""HTTP as sipgate and browsers want it: the server and its connections."""
