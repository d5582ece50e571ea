"""How long rendering takes beside one hand-written ffmpeg command, and whether it is exact."""
