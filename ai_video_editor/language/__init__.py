"""English for print: words, title case, and what of a transcript may be printed."""
