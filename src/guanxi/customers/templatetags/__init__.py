"""Template tags of the customer archive."""
