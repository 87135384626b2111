"""Reading the customer archive."""
