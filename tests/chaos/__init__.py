"""Breaking things on purpose: kills, faults, corruptions and mutated files, each with its seed."""
