"""Template filters of commerce."""
