"""How well the rule-based director decides, on talks with everything planted."""
