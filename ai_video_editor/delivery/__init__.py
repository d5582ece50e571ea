"""The project folder: its files joined, verified, and put in place whole."""
