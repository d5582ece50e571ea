"""Thumbnails: the best frames, the subject cut out, and three designs with two variants each."""
