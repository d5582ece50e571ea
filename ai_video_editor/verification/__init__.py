"""Nobody ships unchecked: what is measured on the delivered files."""
