"""The rows, a file for each module of the product."""
