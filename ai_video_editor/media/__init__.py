"""The only room that opens media files: what they hold, their sound and their pictures."""
