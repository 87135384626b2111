"""A large invented base, made fast: for measuring, and for trying things out at size."""
