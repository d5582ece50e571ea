"""Everything to paste beside the film, and the pairs to test."""
