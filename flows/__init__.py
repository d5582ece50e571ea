"""Order and branches only: which stage waits for which."""
