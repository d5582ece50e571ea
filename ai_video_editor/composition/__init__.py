"""The film: timeline, sound, picture, graphics, captions, encoding, and the same cut as exports."""
