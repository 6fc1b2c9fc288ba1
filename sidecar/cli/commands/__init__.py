"""What commands do, a module for each; how they are called is in `sidecar.cli.usage`."""
