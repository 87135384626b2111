"""Template filters of insight."""
