"""Hears the recordings: words, voice, pauses, fillers, retakes, prosody and music."""
