"""What is seen: shots, faces, picture quality, motion and the best moments, in one decode pass."""
