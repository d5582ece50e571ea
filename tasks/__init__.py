"""One task module a stage: which processors it has, what they need, and nothing about video."""
