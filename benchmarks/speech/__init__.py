"""How well speech is heard: known recordings made by text-to-speech, and a tested evaluator."""
