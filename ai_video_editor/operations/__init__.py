"""Running well: checks before a run, resources, checkpoints, records."""
