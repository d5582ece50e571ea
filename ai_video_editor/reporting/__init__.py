"""What a person reads of a run: the report page, files to paste, the summary."""
