"""What customers are worth: standings computed from the orders on record with the published methods."""
