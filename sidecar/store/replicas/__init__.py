"""What processes share and agree through: leases, lives, wake-ups, snapshots, changes for pages."""
