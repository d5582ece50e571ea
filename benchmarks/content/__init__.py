"""How well numbers are understood: phrases as people say them, against what they mean."""
