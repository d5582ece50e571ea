"""Smart render: what the plan leaves untouched is copied, only the rest is encoded."""
