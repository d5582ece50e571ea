"""Research and the director: what the film will be and why."""
