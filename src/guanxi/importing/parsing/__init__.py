"""Turns cells into values: text, identifiers, dates and numbers, as people and programs write them."""
