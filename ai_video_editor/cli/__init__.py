"""The command line: parse, run, show progress, explain errors."""
