"""Plugins: other people's code before, after or instead of a stage, contained and named."""
