"""Recognisers behind one protocol: Whisper, PocketSphinx, an imported transcript, a script."""
