"""The design system: colour, type, spacing and motion of everything that is drawn."""
