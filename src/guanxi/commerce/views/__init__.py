"""The pages of commerce."""
