"""What a recording means: concepts, themes, feelings, numbers, and what kind of film it is."""
